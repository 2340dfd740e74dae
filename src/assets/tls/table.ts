import type { Curve } from "./ecdsa.ts";

/**
 * What key pairs and certificates a distribution has, as data: one row a file pair. Fits the table of OpenShift's
 * installer (signers, leaves, key pairs, bundles) as well as that of plain Kubernetes.
 */
export type TlsTable = readonly TlsRow[];

export type TlsRow = SignerRow | LeafRow | KeyPairRow | BundleRow;

/** A self-signed certificate authority. */
export interface SignerRow {
  readonly kind: "signer";
  /** Name of the row, and of the files `<name>.crt` and `<name>.key`. */
  readonly name: string;
  readonly subject: Subject;
  readonly validity: Validity;
  /** Size of its RSA key. Default 2048. */
  readonly bits?: number;
  /** It has an ECDSA key on this curve in place of an RSA key. */
  readonly curve?: Curve;
}

/** A certificate that a signer of the same table has signed, or its own key. */
export interface LeafRow {
  readonly kind: "leaf";
  readonly name: string;
  /** Absent: it is signed by its own key. */
  readonly signer?: string;
  readonly subject: Subject;
  readonly usages: readonly ("client" | "server")[];
  readonly validity: Validity;
  readonly sans?: readonly San[];
  /** False: no key usage extension at all, as OpenShift's machine-config-server has it. Default true. */
  readonly keyUsage?: boolean;
  /** The certificate file also holds the signer's certificate. */
  readonly chain?: boolean;
}

/** Keys without a certificate. `ssh` is ed25519 in OpenSSH's formats, `ssh-rsa` RSA in PEM with a line for authorized_keys; `rsa` and `ed25519` PEM, with a public PEM. */
export interface KeyPairRow {
  readonly kind: "key-pair";
  readonly name: string;
  readonly format: "rsa" | "ed25519" | "ssh" | "ssh-rsa";
}

/** Certificates of several signers in one file. */
export interface BundleRow {
  readonly kind: "bundle";
  readonly name: string;
  readonly members: readonly string[];
}

export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  readonly organizationalUnit?: string;
}

/** Years have 365 days, as in OpenShift's installer. */
export type Validity = { readonly years: number } | { readonly days: number } | { readonly hours: number };

/**
 * A subject alternative name: given, or one that follows from the install-config. `api` and `api-int` are DNS names under the
 * cluster domain; `api-vips` the API VIPs as IP entries; `api-vips-as-dns` the same as DNS entries (OpenShift has both);
 * `service-ip` the first address of each service network.
 */
export type San = { readonly dns: string } | { readonly ip: string } | "api" | "api-int" | "api-vips" | "api-vips-as-dns" | "service-ip";

/** Every row of the given kind. */
export function rowsOf<K extends TlsRow["kind"]>(table: TlsTable, kind: K): readonly Extract<TlsRow, { kind: K }>[] {
  return table.filter((row): row is Extract<TlsRow, { kind: K }> => row.kind === kind);
}
