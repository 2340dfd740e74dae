import type { JsonWebKey, KeyObject } from "node:crypto";

/** Curves that signers may have: the names that Node, JSON Web Keys and the library have for it, and the hash that goes with it. Source: FIPS 186-5. */
const CURVES = {
  P256: { name: "prime256v1", webName: "P-256", library: "p256", hash: "SHA-256" },
  P384: { name: "secp384r1", webName: "P-384", library: "p384", hash: "SHA-384" },
  P521: { name: "secp521r1", webName: "P-521", library: "p521", hash: "SHA-512" },
} as const;

export type Curve = keyof typeof CURVES;
export type CurveDetails = (typeof CURVES)[Curve];

export const curveOf = (name: Curve): CurveDetails => CURVES[name];

/** The curve of a private key; undefined for keys of other kinds. */
export const curveOfKey = ({ asymmetricKeyDetails }: KeyObject): CurveDetails | undefined =>
  Object.values(CURVES).find(({ name }) => name === asymmetricKeyDetails?.namedCurve);

/**
 * An ECDSA signature without chance in it, by RFC 6979: the same key and the same data give the same bytes, so that certificates need not be kept to be the
 * same each time. Node signs with a random number only.
 * @returns r and s, one behind the other, as WebCrypto has them
 * @throws TypeError for another key than the private one of a known curve
 */
export async function signWithoutChance(key: KeyObject, data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const curve = curveOfKey(key);
  const { d = "" }: JsonWebKey = key.export({ format: "jwk" });
  if (curve === undefined || d === "") throw new TypeError("not the private key of a known curve");
  // Few clusters have such signers, and no other command shall wait for the library.
  const library = await import("@noble/curves/nist.js");
  // Whoever verifies certificates takes either half of the numbers that s may be; the standard's examples have both.
  return Uint8Array.from(library[curve.library].sign(data, Buffer.from(d, "base64url"), { lowS: false }));
}
