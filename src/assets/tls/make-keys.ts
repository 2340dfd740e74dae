import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { Entropy } from "../../util/index.ts";
import { curveOf } from "./ecdsa.ts";
import type { KeyStore, StoredKey } from "./key-store.ts";
import { opensshKeyPair, sshRsaPublicKey } from "./openssh.ts";
import type { TlsRow, TlsTable } from "./table.ts";

const generate = promisify(generateKeyPair);
const RSA_BITS = 2048;
const SERIAL_BYTES = 16;
/** As many as Node computes at a time. Source: nodejs.org/api/cli.html#uv_threadpool_sizesize */
const SIDE_BY_SIDE = 4;

/**
 * The keys of a table, made side by side. Keys that `existing` has are kept, so that a table that grew gets only what is new.
 * RSA primes come from the operating system in any case; `entropy` gives serial numbers and the check value of ssh keys.
 * @param signal after it no further key is begun @throws its reason
 */
export async function makeKeys(table: TlsTable, entropy: Entropy, existing?: KeyStore, signal?: AbortSignal): Promise<KeyStore> {
  const rows = table.filter((row) => row.kind !== "bundle");
  // Entropy is drawn in the order of the table, before anything runs in parallel.
  const drawn = rows.map((row) => ({ row, bytes: entropy(SERIAL_BYTES) }));
  const made = new Map(rows.map(({ name }) => [name, existing?.keys[name]]));
  const missing = drawn.filter(({ row }) => made.get(row.name) === undefined).values();
  const work = async (): Promise<void> => {
    for (const { row, bytes } of missing) {
      signal?.throwIfAborted();
      made.set(row.name, await makeKey(row, bytes));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return {
    version: 1,
    keys: Object.fromEntries(made) as KeyStore["keys"],
    ...(existing?.kubeadmin === undefined ? {} : { kubeadmin: existing.kubeadmin }),
  };
}

async function makeKey(row: TlsRow, bytes: Uint8Array): Promise<StoredKey> {
  if (row.kind === "key-pair" && row.format === "ssh") return opensshKeyPair((await generate("ed25519")).privateKey, row.name, bytes);
  if (row.kind === "key-pair" && row.format === "ed25519")
    return { privateKey: (await generate("ed25519")).privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
  if (row.kind === "signer" && row.curve !== undefined) {
    const { privateKey } = await generate("ec", { namedCurve: curveOf(row.curve).name });
    return { privateKey: privateKey.export({ type: "sec1", format: "pem" }).toString(), serial: serialOf(bytes) };
  }
  const { privateKey }: { privateKey: KeyObject } = await generate("rsa", {
    modulusLength: (row.kind === "signer" ? row.bits : undefined) ?? RSA_BITS,
  });
  const pem = privateKey.export({ type: "pkcs1", format: "pem" });
  if (row.kind === "key-pair" && row.format === "ssh-rsa") return { privateKey: pem.toString(), publicKey: sshRsaPublicKey(privateKey, row.name) };
  return { privateKey: pem.toString(), ...(row.kind === "key-pair" ? {} : { serial: serialOf(bytes) }) };
}

/** Positive and of full length, as RFC 5280 §4.1.2.2 asks: the first bit 0, the second 1. */
function serialOf(bytes: Uint8Array): string {
  const serial = Buffer.from(bytes);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial.toString("hex");
}
