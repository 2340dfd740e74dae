import { createPrivateKey, sign, type KeyObject } from "node:crypto";
import type { Identity } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import { storedKey, type KeyStore } from "./tls/key-store.ts";

/** Whose a token is, and for what. */
export interface TokenClaims {
  /** The only pool whose config it opens. */
  readonly pool: string;
  /** The only machine that may use it, until it is a node; absent for all of the pool. */
  readonly machine?: string;
  /** When it ends; absent for never. */
  readonly expires?: Date;
}

/** Makes tokens for the machine-config server; the same for the same claims. A token is a secret. */
export type MachineTokens = (claims: TokenClaims) => string;

const HEADER = { alg: "EdDSA", typ: "JWT" } as const;

/**
 * Tokens of a cluster, signed by a key of its key store: JSON Web Tokens with Ed25519 (RFC 7519, RFC 8037), which is deterministic.
 * `setup/machine-config-server/token.go` takes exactly these.
 * @throws InstallerError KEYS_INVALID if the store lacks the key
 */
export function machineTokens(keys: KeyStore, name: string, identity: Pick<Identity, "infraID">): MachineTokens {
  return signedTokens(storedKey(keys, name).privateKey, identity);
}

/**
 * The same for who has that key alone.
 * @param privateKey PEM of PKCS#8. A secret
 * @throws InstallerError KEYS_INVALID; its message never quotes the key
 */
export function signedTokens(privateKey: string, { infraID }: Pick<Identity, "infraID">): MachineTokens {
  const key = signingKey(privateKey);
  return ({ pool, machine, expires }) => {
    const claims = {
      iss: infraID,
      pool,
      ...(machine === undefined ? {} : { sub: machine }),
      ...(expires === undefined ? {} : { exp: seconds(expires) }),
    };
    const signed = `${encoded(HEADER)}.${encoded(claims)}`;
    return `${signed}.${sign(null, Buffer.from(signed), key).toString("base64url")}`;
  };
}

function signingKey(text: string): KeyObject {
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // Its words could be of the key.
  }
  throw new InstallerError("KEYS_INVALID", "the key for machines' tokens is not an Ed25519 key in PEM");
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
const seconds = (time: Date): number => Math.floor(time.getTime() / 1000);
