import { type ClusterSpec, pemBlocks } from "../../config/index.ts";
import type { AssetContext } from "../distribution-renderer.ts";
import type { FileInput, IgnitionBuilder } from "../ignition/index.ts";
import { units } from "./machine-files.ts";

const PROXY_ENV = "/etc/virt-ipi/proxy.env";

/** What a node gets to images by: the pull secret, the proxy, and certificates of registries and proxies. */
export function imageAccess(context: AssetContext, builder: IgnitionBuilder): IgnitionBuilder {
  const { pullSecret, proxy, machineTrustBundle } = context.spec;
  let node = builder;
  // Where the kubelet looks for registries' credentials: kubernetes.io/docs/concepts/containers/images, "Configuring nodes to authenticate".
  if (pullSecret !== undefined) node = node.file({ path: "/var/lib/kubelet/config.json", contents: pullSecret, mode: 0o600 });
  if (proxy !== undefined)
    node = node
      .file({ path: PROXY_ENV, contents: proxyEnvironment(context.spec, proxy), mode: 0o600 })
      .dropin("containerd.service", "10-proxy.conf", `[Service]\nEnvironmentFile=${PROXY_ENV}\n`);
  if (machineTrustBundle !== undefined) node = node.file(...certificateFiles(machineTrustBundle)).unit(...units(context, ["trust-bundle.service"]));
  return node;
}

/** One file a certificate: update-ca-certificates takes no more from a file. */
const certificateFiles = (bundle: string): readonly FileInput[] =>
  pemBlocks(bundle).map((certificate, index) => ({
    path: `/usr/local/share/ca-certificates/virt-ipi-${index}.crt`,
    contents: `${certificate}\n`,
    mode: 0o644,
  }));

/** Lines for systemd's EnvironmentFile. What is inside the cluster is never asked for through the proxy, as in OpenShift. */
function proxyEnvironment(spec: ClusterSpec, { httpProxy, httpsProxy, noProxy }: NonNullable<ClusterSpec["proxy"]>): string {
  const { machineNetwork, clusterNetwork, serviceNetwork } = spec.networking;
  const inside = ["localhost", "127.0.0.1", ".svc", ".cluster.local", `.${spec.clusterDomain}`, ...machineNetwork];
  const direct = [...inside, ...clusterNetwork.map(({ cidr }) => cidr), ...serviceNetwork, ...(noProxy === undefined ? [] : noProxy.split(","))];
  const values = { HTTP_PROXY: httpProxy, HTTPS_PROXY: httpsProxy, NO_PROXY: noProxy === "*" ? "*" : [...new Set(direct)].join(",") };
  return Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${value.replaceAll(/[\\"$`]/g, "\\$&")}"\n`]))
    .join("");
}
