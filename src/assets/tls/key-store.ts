import { InstallerError, isInstallerError } from "../../errors/index.ts";
import { isRecord } from "../../util/index.ts";

/**
 * All that is drawn at random for a cluster, made once and kept: `.virt-ipi/keys.json`, 0600. With the identity and the
 * install-config it gives every certificate again, byte by byte.
 */
export interface KeyStore {
  readonly version: 1;
  readonly keys: Readonly<Record<string, StoredKey>>;
  readonly kubeadmin?: { readonly password: string; readonly hash: string };
}

export interface StoredKey {
  /** PKCS#1 PEM; SEC1 PEM for signers with an ECDSA key; for ed25519 pairs PKCS#8; for ssh pairs of ed25519 OpenSSH's own private format. */
  readonly privateKey: string;
  /** Only for ssh pairs: the authorized_keys line. */
  readonly publicKey?: string;
  /** Serial number of the certificate, hexadecimal; absent for rows without one. */
  readonly serial?: string;
}

/** The file's text. A secret as a whole. */
export function serializeKeyStore(store: KeyStore): string {
  return `${JSON.stringify(store, null, 2)}\n`;
}

/** @throws InstallerError KEYS_INVALID; its message never quotes the text */
export function parseKeyStore(text: string): KeyStore {
  try {
    const value: unknown = JSON.parse(text);
    if (!isKeyStore(value)) throw new InstallerError("KEYS_INVALID", "the key store has not the expected form");
    return value;
  } catch (error) {
    // JSON.parse quotes what it read, which is a secret here: it is not kept as the cause.
    throw isInstallerError(error) ? error : new InstallerError("KEYS_INVALID", "the key store is not JSON");
  }
}

/** @throws InstallerError KEYS_INVALID if the store lacks the row */
export function storedKey(store: KeyStore, name: string): StoredKey {
  const key = Object.hasOwn(store.keys, name) ? store.keys[name] : undefined;
  if (key === undefined) throw new InstallerError("KEYS_INVALID", `the key store has no key ${name}`, { value: name });
  return key;
}

function isKeyStore(value: unknown): value is KeyStore {
  if (!isRecord(value) || value["version"] !== 1 || !isRecord(value["keys"]) || Object.keys(value["keys"]).length === 0) return false;
  const { kubeadmin } = value;
  if (kubeadmin !== undefined && !(isRecord(kubeadmin) && typeof kubeadmin["password"] === "string" && typeof kubeadmin["hash"] === "string"))
    return false;
  return Object.values(value["keys"]).every(
    (key) => isRecord(key) && typeof key["privateKey"] === "string" && isText(key["publicKey"]) && isText(key["serial"]),
  );
}

const isText = (value: unknown): boolean => value === undefined || typeof value === "string";
