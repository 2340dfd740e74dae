import { createECDH, createHash, createHmac, type JsonWebKey, type KeyObject } from "node:crypto";

/** Curves that signers may have: the order of the group, the name that Node has for it, and the hash that goes with it. Source: FIPS 186-5, SP 800-186. */
const CURVES = {
  P256: {
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    name: "prime256v1",
    webName: "P-256",
    hash: "SHA-256",
    bits: 256,
  },
  P384: {
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    name: "secp384r1",
    webName: "P-384",
    hash: "SHA-384",
    bits: 384,
  },
  P521: {
    order: 0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    name: "secp521r1",
    webName: "P-521",
    hash: "SHA-512",
    bits: 521,
  },
} as const;

export type Curve = keyof typeof CURVES;
export type CurveDetails = (typeof CURVES)[Curve];

export const curveOf = (name: Curve): CurveDetails => CURVES[name];

/** The curve of a private key; undefined for keys of other kinds. */
export const curveOfKey = ({ asymmetricKeyDetails }: KeyObject): CurveDetails | undefined =>
  Object.values(CURVES).find(({ name }) => name === asymmetricKeyDetails?.namedCurve);

/**
 * An ECDSA signature without chance in it, by RFC 6979: the same key and the same data give the same bytes, so that certificates need not be kept to be the
 * same each time. Node signs with a random number only. The point is computed by OpenSSL; the rest are numbers of this process alone.
 * @returns r and s, one behind the other, as WebCrypto has them
 */
export function signWithoutChance(key: KeyObject, data: Uint8Array): Buffer {
  const curve = curveOfKey(key);
  const { d = "" }: JsonWebKey = key.export({ format: "jwk" });
  if (curve === undefined || d === "") throw new TypeError("not the private key of a known curve");
  const { order, bits } = curve;
  const size = Math.ceil(bits / 8);
  const secret = numberOf(Buffer.from(d, "base64url"));
  const digest = truncated(createHash(curve.hash.replace("-", "")).update(data).digest(), bits);
  for (const nonce of nonces(curve, secret, digest % order)) {
    const r = xOf(curve.name, nonce, size) % order;
    const s = (inverse(nonce, order) * (digest + r * secret)) % order;
    if (r !== 0n && s !== 0n) return Buffer.concat([bytesOf(r, size), bytesOf(s, size)]);
  }
  throw new TypeError("no signature was found");
}

/** The numbers that RFC 6979 §3.2 gives for a key and a digest, one after another; nearly always the first one will do. */
function* nonces({ order, bits, hash }: CurveDetails, secret: bigint, digest: bigint): Generator<bigint> {
  const size = Math.ceil(bits / 8);
  const algorithm = hash.replace("-", "");
  const length = createHash(algorithm).digest().length;
  const seed = Buffer.concat([bytesOf(secret, size), bytesOf(digest, size)]);
  let key: Buffer = Buffer.alloc(length, 0);
  let value: Buffer = Buffer.alloc(length, 1);
  const mac = (...parts: readonly Uint8Array[]): Buffer => parts.reduce((hmac, part) => hmac.update(part), createHmac(algorithm, key)).digest();
  for (const step of [0, 1]) {
    key = mac(value, Uint8Array.of(step), seed);
    value = mac(value);
  }
  for (;;) {
    let found = Buffer.alloc(0);
    while (found.length * 8 < bits) {
      value = mac(value);
      found = Buffer.concat([found, value]);
    }
    const candidate = truncated(found, bits);
    if (candidate > 0n && candidate < order) yield candidate;
    key = mac(value, Uint8Array.of(0));
    value = mac(value);
  }
}

/** The first coordinate of a multiple of the base point. */
function xOf(curve: string, factor: bigint, size: number): bigint {
  const point = createECDH(curve);
  point.setPrivateKey(bytesOf(factor, size));
  return numberOf(point.getPublicKey().subarray(1, size + 1));
}

/** The leftmost bits of a text of bytes. */
function truncated(bytes: Buffer, bits: number): bigint {
  const excess = BigInt(Math.max(0, bytes.length * 8 - bits));
  return numberOf(bytes) >> excess;
}

/** By Euclid's algorithm, extended. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (a > 1n) {
    const quotient = b / a;
    [b, a] = [a, b % a];
    [y, x] = [x, y - quotient * x];
  }
  return ((x % modulus) + modulus) % modulus;
}

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);
const bytesOf = (value: bigint, size: number): Buffer => Buffer.from(value.toString(16).padStart(size * 2, "0"), "hex");
