import { createECDH, createPrivateKey, generateKeyPairSync, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Curve, curveOf, curveOfKey, signWithoutChance } from "../../../../src/assets/tls/ecdsa.ts";

/** RFC 6979, A.2.5 to A.2.7: the key, and r and s of the message "sample" with the hash that goes with the curve. */
const VECTORS: readonly (readonly [curve: Curve, key: string, r: string, s: string])[] = [
  [
    "P256",
    "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
    "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
    "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
  ],
  [
    "P384",
    "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5",
    "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46",
    "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8",
  ],
  [
    "P521",
    "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
    "00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F174E25A1EE9017B5D450606ADD152B534931D7D4E8455CC91F9B15BF05EC36E377FA",
    "00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF282623EAA63E5B5C0723D8B8C37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4A67A",
  ],
];

function keyOf(curve: Curve, hex: string) {
  const { name, webName } = curveOf(curve);
  const pair = createECDH(name);
  pair.setPrivateKey(Buffer.from(hex, "hex"));
  const point = pair.getPublicKey().subarray(1);
  const half = (first: number): string => point.subarray(first * (point.length / 2), (first + 1) * (point.length / 2)).toString("base64url");
  const d = Buffer.from(hex, "hex").toString("base64url");
  return createPrivateKey({ key: { kty: "EC", crv: webName, d, x: half(0), y: half(1) }, format: "jwk" });
}

describe.each(VECTORS)("%s", (curve, hex, r, s) => {
  it("signs as the standard's example does", async () => {
    const signature = await signWithoutChance(keyOf(curve, hex), Buffer.from("sample"));
    expect(Buffer.from(signature).toString("hex").toUpperCase()).toBe(r + s);
  });

  it("makes signatures that OpenSSL believes, of other data others", async () => {
    const { name, hash } = curveOf(curve);
    for (const text of ["", "a", "b".repeat(1_000)]) {
      const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: name });
      const signature = await signWithoutChance(privateKey, Buffer.from(text));
      expect(verify(hash, Buffer.from(text), { key: publicKey, dsaEncoding: "ieee-p1363" }, signature)).toBe(true);
      expect(await signWithoutChance(privateKey, Buffer.from(`${text}.`))).not.toEqual(signature);
    }
  });
});

it("knows no other keys", async () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
  expect(curveOfKey(privateKey)).toBeUndefined();
  await expect(signWithoutChance(privateKey, Buffer.from("sample"))).rejects.toThrow("known curve");
});
