import { InstallerError } from "../../errors/index.ts";

/** What one row of a TLS table became. All PEM text, except the public half of an ssh key pair: one authorized_keys line. */
export interface TlsMaterial {
  readonly cert?: string;
  readonly key?: string;
  readonly publicKey?: string;
  /** The certificate followed by its signer's: set for rows with `chain`, and for leaves equal to `cert` otherwise. */
  readonly chain?: string;
}

/** Rendered TLS, by row name. */
export type Tls = ReadonlyMap<string, TlsMaterial>;

/**
 * One part of a row's material.
 * @throws InstallerError INTERNAL if the table has no such row or the row has no such part
 */
export function tlsPart(tls: Tls, name: string, part: keyof TlsMaterial): string {
  const value = tls.get(name)?.[part];
  if (value === undefined) throw new InstallerError("INTERNAL", `the TLS table has no ${part} named ${name}`, { value: name });
  return value;
}
