import { createPublicKey } from "node:crypto";
import type { ClusterSpec, Identity } from "../../config/index.ts";
import { InstallerError } from "../../errors/index.ts";
import { issueLeaf, issueSigner, signingKey } from "./certificate.ts";
import { storedKey, type KeyStore } from "./key-store.ts";
import type { Tls, TlsMaterial } from "./material.ts";
import { resolveSan } from "./sans.ts";
import { rowsOf, type BundleRow, type KeyPairRow, type LeafRow, type SignerRow, type TlsTable } from "./table.ts";

export interface TlsInput {
  readonly identity: Pick<Identity, "createdAt">;
  readonly spec: Pick<ClusterSpec, "clusterDomain" | "vips" | "networking">;
}

/**
 * Every certificate, key and bundle of a table, by row name and in the order of the table. Deterministic.
 * @throws InstallerError KEYS_INVALID if a key is missing or broken, INTERNAL if a row refers to one that is not there
 */
export async function renderTls(table: TlsTable, keys: KeyStore, { identity, spec }: TlsInput): Promise<Tls> {
  const notBefore = wholeSeconds(identity.createdAt);
  const signers = new Map(rowsOf(table, "signer").map((row) => [row.name, row]));
  const issueOf = (name: string) => ({ serial: serialOf(keys, name), notBefore });

  const signer = async (row: SignerRow): Promise<TlsMaterial> => {
    const { privateKey } = storedKey(keys, row.name);
    return { cert: await issueSigner(row, signingKey(row.name, privateKey), issueOf(row.name)), key: privateKey };
  };
  const authorities = new Map(await Promise.all([...signers.values()].map(async (row) => [row.name, await signer(row)] as const)));
  const certOf = (name: string, wantedBy: string): string => {
    const cert = authorities.get(name)?.cert;
    if (cert === undefined) throw new InstallerError("INTERNAL", `the TLS table has no signer ${name}, which ${wantedBy} wants`, { value: name });
    return cert;
  };
  const leaf = async (row: LeafRow): Promise<TlsMaterial> => {
    const signerName = row.signer ?? row.name;
    const signerCert = row.signer === undefined ? "" : certOf(row.signer, row.name);
    const { subject } = (row.signer === undefined ? row : signers.get(row.signer)) as SignerRow | LeafRow;
    const { privateKey } = storedKey(keys, row.name);
    const cert = await issueLeaf(row, signingKey(row.name, privateKey), {
      ...issueOf(row.name),
      signer: { subject, key: signingKey(signerName, storedKey(keys, signerName).privateKey) },
      sans: (row.sans ?? []).flatMap((san) => resolveSan(san, spec)),
    });
    return { cert, key: privateKey, chain: row.chain === true ? cert + signerCert : cert };
  };
  const bundle = (row: BundleRow): TlsMaterial => ({ cert: row.members.map((member) => certOf(member, row.name)).join("") });

  return new Map(
    await Promise.all(
      table.map(async (row): Promise<readonly [string, TlsMaterial]> => {
        if (row.kind === "signer") return [row.name, authorities.get(row.name) as TlsMaterial];
        if (row.kind === "leaf") return [row.name, await leaf(row)];
        return [row.name, row.kind === "bundle" ? bundle(row) : keyPair(row, keys)];
      }),
    ),
  );
}

function keyPair(row: KeyPairRow, keys: KeyStore): TlsMaterial {
  const { privateKey, publicKey } = storedKey(keys, row.name);
  if (publicKey !== undefined) return { key: privateKey, publicKey };
  return { key: privateKey, publicKey: createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString() };
}

function serialOf(keys: KeyStore, name: string): string {
  const { serial } = storedKey(keys, name);
  if (serial === undefined) throw new InstallerError("KEYS_INVALID", `the stored key ${name} has no serial number`, { value: name });
  return serial;
}

/** Certificates know no fractions of a second. */
function wholeSeconds(iso: string): Date {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) throw new InstallerError("KEYS_INVALID", "the cluster's identity has no valid creation time", { value: iso });
  return new Date(Math.floor(time / 1000) * 1000);
}
