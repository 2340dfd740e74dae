import { type ImageMirrors, mirrorPrefix, splitRepository } from "../../config/index.ts";
import type { AssetContext } from "../distribution-renderer.ts";
import type { FileInput, IgnitionBuilder } from "../ignition/index.ts";
import { renderTemplate } from "../templates.ts";
import { contactedHost, divideCredentials } from "./registry-credentials.ts";

const CRI = 'plugins."io.containerd.grpc.v1.cri"';
/** A folder a registry, with its hosts.toml. */
const REGISTRIES = "/etc/containerd/certs.d";

/** What a node gets to images by: mirrors of registries, and the credentials of both. */
export function imageAccess({ spec: { pullSecret, imageMirrors = [] }, templates }: AssetContext, node: IgnitionBuilder): IgnitionBuilder {
  const registries = Map.groupBy(imageMirrors, ({ source }) => splitRepository(source).registry);
  const mirrors = imageMirrors.flatMap((group) => group.mirrors.map((mirror) => splitRepository(mirror).registry));
  const { kubelet, byRegistry } = divideCredentials(pullSecret, [...registries.keys()], mirrors);
  const config = renderTemplate(templates, "node-image/overlay/etc/containerd/config.toml");
  const files: FileInput[] = [...registries].map(([registry, groups]) => ({
    path: `${REGISTRIES}/${registry}/hosts.toml`,
    contents: hostsToml(groups),
    mode: 0o644,
  }));
  if (registries.size > 0) files.push({ path: "/etc/containerd/config.toml", contents: `${config}${registryToml(byRegistry)}`, mode: 0o600 });
  // Where the kubelet looks for registries' credentials: kubernetes.io/docs/concepts/containers/images, "Configuring nodes to authenticate".
  if (kubelet !== undefined) files.push({ path: "/var/lib/kubelet/config.json", contents: kubelet, mode: 0o600 });
  return node.file(...files);
}

/** Source: github.com/containerd/containerd/blob/release/1.6/docs/hosts.md. A host that may only `pull` is asked for digests alone. */
function hostsToml(groups: readonly ImageMirrors[]): string {
  const urls = groups.flatMap(({ source, mirrors }) => mirrors.map((mirror) => mirrorUrl(mirror, mirrorPrefix(source, mirror) ?? "")));
  const settings = ['capabilities = ["pull"]', "override_path = true"];
  // The server is what is asked last: the registry itself unless it says another.
  const server = groups.some(({ neverContactSource }) => neverContactSource) ? [`server = ${quoted(urls[0] ?? "")}`, ...settings, ""] : [];
  const hosts = [...new Set(urls)].map((url) => [`[host.${quoted(url)}]`, ...settings.map((line) => `  ${line}`), ""].join("\n"));
  return [...server, ...hosts].join("\n");
}

const mirrorUrl = (mirror: string, prefix: string): string =>
  `https://${contactedHost(splitRepository(mirror).registry)}/v2${prefix === "" ? "" : `/${prefix}`}`;

const registryToml = (credentials: ReadonlyMap<string, string>): string =>
  [
    `\n[${CRI}.registry]\n  config_path = ${quoted(REGISTRIES)}\n`,
    ...[...credentials].map(([registry, auth]) => `\n[${CRI}.registry.configs.${quoted(contactedHost(registry))}.auth]\n  auth = ${quoted(auth)}\n`),
  ].join("");

/** A basic string of TOML is one of JSON. */
const quoted = (text: string): string => JSON.stringify(text);
