import { createPrivateKey, sign } from "node:crypto";
import type { Identity } from "../config/index.ts";
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
export function machineTokens(keys: KeyStore, name: string, { infraID }: Pick<Identity, "infraID">): MachineTokens {
  const key = createPrivateKey(storedKey(keys, name).privateKey);
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

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
const seconds = (time: Date): number => Math.floor(time.getTime() / 1000);
