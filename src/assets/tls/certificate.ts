// tsyringe, below @peculiar/x509, wants the polyfill first.
import "reflect-metadata";
import { createPrivateKey, createPublicKey, type KeyObject, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { InstallerError } from "../../errors/index.ts";
import { curveOfKey, signWithoutChance } from "./ecdsa.ts";
import type { LeafRow, SignerRow, Subject, Validity } from "./table.ts";

const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;
const HOUR = 3_600_000;

/** A stored key, and how WebCrypto takes it. */
export interface SigningKey {
  readonly stored: KeyObject;
  readonly algorithm: typeof RSA | { readonly name: "ECDSA"; readonly namedCurve: string; readonly hash: string };
  readonly privateKey: webcrypto.CryptoKey;
  readonly publicKey: webcrypto.CryptoKey;
}

/** @throws InstallerError KEYS_INVALID */
export function signingKey(name: string, pem: string): SigningKey {
  try {
    const stored = createPrivateKey(pem);
    const curve = curveOfKey(stored);
    const algorithm = curve === undefined ? RSA : ({ name: "ECDSA", namedCurve: curve.webName, hash: curve.hash } as const);
    return {
      stored,
      algorithm,
      privateKey: stored.toCryptoKey(algorithm, true, ["sign"]),
      publicKey: createPublicKey(pem).toCryptoKey(algorithm, true, ["verify"]),
    };
  } catch {
    // The cause might quote the key.
    throw new InstallerError("KEYS_INVALID", `the stored key ${name} is neither an RSA key nor one of a known curve, in PEM`, { value: name });
  }
}

/** Hexadecimal serial number, and the moment from which it counts. */
export interface Issue {
  readonly serial: string;
  readonly notBefore: Date;
}

/** A self-signed authority. RSA with PKCS#1 v1.5 has no random part, and ECDSA is made to have none: the same input gives the same PEM. */
export async function issueSigner(row: SignerRow, key: SigningKey, issue: Issue): Promise<string> {
  const name = nameOf(row.subject);
  // Nothing can be encrypted for a key on a curve.
  const encipherment = key.algorithm.name === "ECDSA" ? 0 : x509.KeyUsageFlags.keyEncipherment;
  const usage = encipherment | x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign;
  return await issueCertificate({
    ...issue,
    validity: row.validity,
    subject: name,
    issuer: name,
    key,
    signer: key,
    extensions: [new x509.KeyUsagesExtension(usage, true), new x509.BasicConstraintsExtension(true, undefined, true)],
  });
}

export interface LeafIssue extends Issue {
  readonly signer: { readonly subject: Subject; readonly key: SigningKey };
  readonly sans: readonly x509.JsonGeneralName[];
}

export async function issueLeaf(row: LeafRow, key: SigningKey, { signer, sans, ...issue }: LeafIssue): Promise<string> {
  const usages = row.usages.map((usage) => (usage === "client" ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth));
  return await issueCertificate({
    ...issue,
    validity: row.validity,
    subject: nameOf(row.subject),
    issuer: nameOf(signer.subject),
    key,
    signer: signer.key,
    extensions: [
      ...(row.keyUsage === false
        ? []
        : [new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyEncipherment | x509.KeyUsageFlags.digitalSignature, true)]),
      new x509.ExtendedKeyUsageExtension(usages),
      new x509.BasicConstraintsExtension(false, undefined, true),
      await x509.AuthorityKeyIdentifierExtension.create(signer.key.publicKey),
      ...(sans.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension([...sans])]),
    ],
  });
}

/** Milliseconds by which a machine's clock may be behind the installer's: its certificates must count at its first boot. */
const CLOCK_SKEW = HOUR;

interface Certificate extends Issue {
  readonly validity: Validity;
  readonly subject: x509.Name;
  readonly issuer: x509.Name;
  readonly key: SigningKey;
  readonly signer: SigningKey;
  readonly extensions: readonly x509.Extension[];
}

async function issueCertificate(certificate: Certificate): Promise<string> {
  const { key, signer, notBefore } = certificate;
  const issued = await x509.X509CertificateGenerator.create(
    {
      serialNumber: certificate.serial,
      subject: certificate.subject,
      issuer: certificate.issuer,
      notBefore: new Date(notBefore.getTime() - CLOCK_SKEW),
      notAfter: new Date(notBefore.getTime() + hoursOf(certificate.validity) * HOUR),
      publicKey: key.publicKey,
      signingKey: signer.privateKey,
      signingAlgorithm: signer.algorithm,
      extensions: [...certificate.extensions, await x509.SubjectKeyIdentifierExtension.create(key.publicKey)],
    },
    cryptoOf(signer),
  );
  return `${issued.toString("pem").trim()}\n`;
}

/** WebCrypto, but without chance in signatures of keys on curves. */
function cryptoOf({ stored, algorithm }: SigningKey): webcrypto.Crypto {
  if (algorithm.name !== "ECDSA") return webcrypto;
  const { subtle } = webcrypto;
  const sign = (_algorithm: unknown, _key: unknown, data: ArrayBuffer): Promise<Uint8Array> => signWithoutChance(stored, new Uint8Array(data));
  // All that the generator asks of it.
  return { subtle: { exportKey: subtle.exportKey.bind(subtle), sign } } as unknown as webcrypto.Crypto;
}

function nameOf(subject: Subject): x509.Name {
  const organizations = (subject.organizations ?? []).map((organization) => ({ O: [organization] }));
  const unit = subject.organizationalUnit === undefined ? [] : [{ OU: [subject.organizationalUnit] }];
  return new x509.Name([...organizations, ...unit, { CN: [subject.commonName] }]);
}

function hoursOf(validity: Validity): number {
  if ("years" in validity) return validity.years * 365 * 24;
  return "days" in validity ? validity.days * 24 : validity.hours;
}
