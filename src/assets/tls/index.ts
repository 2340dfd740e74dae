export { certificateAges, type CertificateAge } from "./ages.ts";
export { parseKeyStore, serializeKeyStore, type KeyStore, type StoredKey } from "./key-store.ts";
export { KUBERNETES_TLS } from "./kubernetes-table.ts";
export { makeKeys } from "./make-keys.ts";
export { tlsPart, type Tls, type TlsMaterial } from "./material.ts";
export { renderTls, type TlsInput } from "./render.ts";
export type * from "./table.ts";
