import "reflect-metadata";
import type { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** A throw-away authority for tests, on P-256 keys, since they are made at once. */
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY = 86_400_000;

export interface TestPair {
  /** PEM */
  readonly cert: string;
  readonly key: string;
}

export interface TestSubject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

export interface LeafOptions {
  readonly subject: TestSubject;
  readonly usage: "client" | "server";
  readonly names?: readonly x509.JsonGeneralName[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

export class TestAuthority {
  readonly cert: string;
  readonly key: string;
  readonly #name: string;
  readonly #keys: webcrypto.CryptoKeyPair;

  private constructor(name: string, keys: webcrypto.CryptoKeyPair, pair: TestPair) {
    this.#name = name;
    this.#keys = keys;
    this.cert = pair.cert;
    this.key = pair.key;
  }

  static async make(name: string): Promise<TestAuthority> {
    const keys = await makeKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + DAY),
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      ],
    });
    return new TestAuthority(name, keys, { cert: certificate.toString("pem"), key: await privatePem(keys) });
  }

  async issue(options: LeafOptions): Promise<TestPair> {
    const keys = await makeKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      subject: nameOf(options.subject),
      issuer: `CN=${this.#name}`,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      notBefore: options.notBefore ?? new Date(Date.now() - DAY),
      notAfter: options.notAfter ?? new Date(Date.now() + DAY),
      extensions: [
        new x509.ExtendedKeyUsageExtension([options.usage === "client" ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth]),
        ...(options.names === undefined ? [] : [new x509.SubjectAlternativeNameExtension([...options.names])]),
      ],
    });
    return { cert: certificate.toString("pem"), key: await privatePem(keys) };
  }
}

/** `spec.request` of a CSR object (base64 of PEM), as kubelet makes it unless told otherwise. */
export async function makeCsr(
  subject: TestSubject | x509.JsonName,
  names: readonly x509.JsonGeneralName[] = [],
  extensions: readonly x509.Extension[] = [],
): Promise<string> {
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: "commonName" in subject ? nameOf(subject as TestSubject) : (subject as x509.JsonName),
    keys: await makeKeys(),
    signingAlgorithm: ALGORITHM,
    extensions: [...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension([...names])]), ...extensions],
  });
  return Buffer.from(request.toString("pem")).toString("base64");
}

/** A kubeconfig with everything inside. */
export function makeTestKubeconfig(server: string, ca: string, user: TestPair): string {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server, "certificate-authority-data": base64(ca) } }],
    users: [{ name: "test", user: { "client-certificate-data": base64(user.cert), "client-key-data": base64(user.key) } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    "current-context": "test",
  });
}

const makeKeys = (): Promise<webcrypto.CryptoKeyPair> => crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);

async function privatePem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
}

function nameOf(subject: TestSubject): x509.JsonName {
  return [...(subject.organizations ?? []).map((organization) => ({ O: [organization] })), { CN: [subject.commonName] }];
}
