import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { opensshKeyPair } from "../../../../src/assets/tls/openssh.ts";

/** A reader of the format that shares nothing with the writer: fields are a length and that many bytes. */
function readFields(bytes: Buffer, count: number): { fields: Buffer[]; rest: Buffer } {
  const fields: Buffer[] = [];
  let at = 0;
  while (fields.length < count) {
    const length = bytes.readUInt32BE(at);
    fields.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return { fields, rest: bytes.subarray(at) };
}

describe("opensshKeyPair", () => {
  const { privateKey: key } = generateKeyPairSync("ed25519");
  const pair = opensshKeyPair(key, "bootstrap-ssh", Uint8Array.of(1, 2, 3, 4));
  const jwk = key.export({ format: "jwk" });

  it("writes the fields that PROTOCOL.key lists", () => {
    const file = Buffer.from(pair.privateKey.replaceAll(/-----.*-----|\n/g, ""), "base64");
    expect(file.subarray(0, 15).toString()).toBe("openssh-key-v1\0");
    const { fields: head, rest } = readFields(file.subarray(15), 3);
    expect(head.map(String)).toEqual(["none", "none", ""]);
    expect(rest.readUInt32BE(0)).toBe(1);
    const { fields: blobs } = readFields(rest.subarray(4), 2);
    expect(blobs[0]?.toString("base64")).toBe(pair.publicKey.split(" ")[1]);
    const secret = blobs[1] as Buffer;
    expect(secret.length % 8).toBe(0);
    expect(secret.subarray(0, 8)).toEqual(Buffer.from([1, 2, 3, 4, 1, 2, 3, 4]));
    const { fields, rest: padding } = readFields(secret.subarray(8), 4);
    expect(fields[0]?.toString()).toBe("ssh-ed25519");
    expect(fields[1]?.toString("base64url")).toBe(jwk.x);
    expect(fields[2]?.subarray(0, 32).toString("base64url")).toBe(jwk.d);
    expect(fields[3]?.toString()).toBe("bootstrap-ssh");
    expect([...padding]).toEqual([...padding].map((_, index) => index + 1));
  });
});
