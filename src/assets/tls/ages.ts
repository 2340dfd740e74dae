import { X509Certificate } from "node:crypto";
import { InstallerError } from "../../errors/index.ts";

/** How long one certificate still holds. */
export interface CertificateAge {
  /** Where it was found. */
  readonly name: string;
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Milliseconds from `now` to its end; negative once it has ended. */
  readonly remainingMs: number;
  readonly state: "valid" | "expired" | "not-yet-valid";
}

/**
 * The ages of all certificates in some PEM texts, by name of the text; the one that ends first comes first.
 * @throws InstallerError KEYS_INVALID for a block that is no certificate
 */
export function certificateAges(texts: Iterable<readonly [name: string, pem: string]>, now: Date): readonly CertificateAge[] {
  const ages = [...texts].flatMap(([name, pem]) =>
    (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []).map((block) => ageOf(name, block, now)),
  );
  return ages.toSorted((a, b) => a.remainingMs - b.remainingMs);
}

function ageOf(name: string, block: string, now: Date): CertificateAge {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(block);
  } catch (error) {
    throw new InstallerError("KEYS_INVALID", `${name} holds a certificate that cannot be read`, { value: name, cause: error });
  }
  const { validFromDate: notBefore, validToDate: notAfter } = certificate;
  const remainingMs = notAfter.getTime() - now.getTime();
  const state = remainingMs < 0 ? "expired" : notBefore > now ? "not-yet-valid" : "valid";
  return { name, subject: certificate.subject.replaceAll("\n", ", "), notBefore, notAfter, remainingMs, state };
}
