/** Who uses which credentials of a pull secret. */
export interface DividedCredentials {
  /** Secret. The kubelet's, as JSON text; absent without a pull secret. */
  readonly kubelet?: string;
  /** Secret. The container runtime's, by registry: `user:password` in base64. */
  readonly byRegistry: ReadonlyMap<string, string>;
}

/**
 * The kubelet looks credentials up by an image's name and hands them to containerd, which shows them to every mirror of that registry. So those of
 * a mirrored registry are containerd's instead, as are those of mirrors: it looks them up by the registry that it talks to.
 * @param mirrored registries that have mirrors
 * @param mirrors registries that are mirrors
 */
export function divideCredentials(pullSecret: string | undefined, mirrored: readonly string[], mirrors: readonly string[]): DividedCredentials {
  if (pullSecret === undefined) return { byRegistry: new Map() };
  if (mirrored.length === 0) return { kubelet: pullSecret, byRegistry: new Map() };
  const { auths, ...rest } = JSON.parse(pullSecret) as { readonly auths: Readonly<Record<string, { readonly auth?: string }>> };
  const byRegistry = new Map<string, string>();
  for (const registry of [...mirrored, ...mirrors]) {
    const auth = credentialOf(registry, auths);
    if (auth !== undefined) byRegistry.set(registry, auth);
  }
  const taken = new Set(mirrored.filter((registry) => byRegistry.has(registry)).map(contactedHost));
  const left = Object.entries(auths).filter(([key]) => !taken.has(contactedHost(place(key).registry)));
  return { kubelet: JSON.stringify({ ...rest, auths: Object.fromEntries(left) }), byRegistry };
}

/** The registry's own, or the one that all its repositories share: containerd takes one a registry. */
function credentialOf(registry: string, auths: Readonly<Record<string, { readonly auth?: string }>>): string | undefined {
  const found = Object.entries(auths).filter(([key]) => contactedHost(place(key).registry) === contactedHost(registry));
  const own = found.find(([key]) => place(key).path === "")?.[1].auth;
  const distinct = new Set(found.flatMap(([, { auth }]) => auth ?? []));
  return own ?? (distinct.size === 1 ? [...distinct][0] : undefined);
}

/** A key of a pull secret: `quay.io`, `quay.io/org`, and as docker writes them, `https://index.docker.io/v1/`. */
function place(key: string): { readonly registry: string; readonly path: string } {
  const [registry = "", ...path] = key
    .replace(/^https?:\/\//, "")
    .replace(/\/(?:v[12]\/?)?$/, "")
    .split("/");
  return { registry, path: path.join("/") };
}

/** The host that answers for a registry. */
export const contactedHost = (registry: string): string =>
  registry === "docker.io" || registry === "index.docker.io" ? "registry-1.docker.io" : registry;
