import type { KeyObject } from "node:crypto";

const TYPE = "ssh-ed25519";
const BLOCK = 8;
const LINE = 70;

/**
 * An ed25519 key pair in OpenSSH's formats: `openssh-key-v1` without passphrase, and an authorized_keys line.
 * Source: PROTOCOL.key of OpenSSH, RFC 8709.
 * @param bytes at least four; the check value, which only has to occur twice in the file
 */
export function opensshKeyPair(key: KeyObject, comment: string, bytes: Uint8Array): { privateKey: string; publicKey: string } {
  const jwk = key.export({ format: "jwk" });
  const seed = Buffer.from(jwk.d ?? "", "base64url");
  const point = Buffer.from(jwk.x ?? "", "base64url");
  const publicBlob = Buffer.concat([field(TYPE), field(point)]);
  const check = Buffer.from(bytes.subarray(0, 4));
  const secret = Buffer.concat([check, check, publicBlob, field(Buffer.concat([seed, point])), field(comment)]);
  const padding = Buffer.from(Array.from({ length: (BLOCK - (secret.length % BLOCK)) % BLOCK }, (_, index) => index + 1));
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    field("none"), // cipher
    field("none"), // key derivation
    field(""), // its options
    uint32(1), // number of keys
    field(publicBlob),
    field(Buffer.concat([secret, padding])),
  ]);
  const body = (file.toString("base64").match(new RegExp(`.{1,${LINE}}`, "g")) ?? []).join("\n");
  return {
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----\n`,
    publicKey: `${TYPE} ${publicBlob.toString("base64")} ${comment}`,
  };
}

/** The authorized_keys line of an RSA key. Source: RFC 4253, section 6.6. */
export function sshRsaPublicKey(key: KeyObject, comment: string): string {
  const { e = "", n = "" } = key.export({ format: "jwk" });
  const blob = Buffer.concat([field("ssh-rsa"), field(positive(e)), field(positive(n))]);
  return `ssh-rsa ${blob.toString("base64")} ${comment}`;
}

/** A positive integer as SSH writes it: a first bit of 1 would make it negative. */
function positive(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, "base64url");
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function field(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint32(bytes.length), bytes]);
}
