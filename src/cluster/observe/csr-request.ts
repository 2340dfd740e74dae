import "reflect-metadata";

/** What a PKCS#10 certificate request asks for. */
export interface CertificateRequest {
  /** Values of the subject by attribute (`CN`, `O`, else the OID), in order. */
  readonly subject: ReadonlyMap<string, readonly string[]>;
  /** Base64 of the key's SubjectPublicKeyInfo: the same for all requests of one holder. */
  readonly publicKey: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** Anything in it that kubelet never asks for: other attributes, extensions or kinds of names. */
  readonly oddities: readonly string[];
}

const EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
const SUBJECT_ALT_NAME = "2.5.29.17";

/**
 * Reads a request and checks that its sender holds the key.
 * @param request `spec.request` of a CSR object: base64 of PEM
 * @returns undefined when it is no certificate request, or its signature is wrong
 */
export async function parseCertificateRequest(request: string): Promise<CertificateRequest | undefined> {
  const { Pkcs10CertificateRequest, SubjectAlternativeNameExtension } = await import("@peculiar/x509");
  try {
    const blocks =
      Buffer.from(request, "base64")
        .toString("latin1")
        .match(/-----BEGIN [^-]+-----/g) ?? [];
    // The API server reads the first block only; with two of them others might read the second.
    if (blocks.length !== 1) return undefined;
    const csr = new Pkcs10CertificateRequest(Buffer.from(request, "base64").toString("latin1"));
    if (!(await csr.verify())) return undefined;

    const subject = new Map<string, readonly string[]>();
    for (const part of csr.subjectName.toJSON())
      for (const [attribute, values] of Object.entries(part)) subject.set(attribute, [...(subject.get(attribute) ?? []), ...values]);

    const oddities: string[] = [];
    if (csr.attributes.length > 1) oddities.push("several attributes");
    for (const { type } of csr.attributes) if (type !== EXTENSION_REQUEST) oddities.push(`attribute ${type}`);
    if (csr.extensions.length > 1) oddities.push("several extensions");
    const dnsNames: string[] = [];
    const ipAddresses: string[] = [];
    for (const extension of csr.extensions) {
      if (extension.type !== SUBJECT_ALT_NAME || !(extension instanceof SubjectAlternativeNameExtension)) {
        oddities.push(`extension ${extension.type}`);
        continue;
      }
      for (const { type, value } of extension.names.items) {
        if (type === "dns") dnsNames.push(value);
        else if (type === "ip") ipAddresses.push(value);
        else oddities.push(`${type} name`);
      }
    }
    return { subject, publicKey: Buffer.from(csr.publicKey.rawData).toString("base64"), dnsNames, ipAddresses, oddities };
  } catch {
    return undefined;
  }
}
