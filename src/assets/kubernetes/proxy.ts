import type { ClusterSpec } from "../../config/index.ts";
import type { IgnitionBuilder } from "../ignition/index.ts";
import { completeNoProxy } from "../no-proxy.ts";

const PROXY_ENV = "/etc/virt-ipi/proxy.env";
/** Where OpenShift has it. */
const DEFAULT_ENVIRONMENT = "/etc/systemd/system.conf.d/10-default-env.conf";
/** Services that the proxy must not be taken from, whatever the manager's environment becomes. */
const PROXIED = ["containerd.service", "kubelet.service"];

/** Every service of the machine starts with the proxy in its environment. A URL may hold a password: root's alone. */
export function systemProxy(spec: ClusterSpec, builder: IgnitionBuilder): IgnitionBuilder {
  const variables = variablesOf(spec);
  if (variables.length === 0) return builder;
  const assignments = variables.map(([name, value]) => `"${name}=${value.replaceAll(/[\\"]/g, "\\$&").replaceAll("%", "%%")}"`);
  return builder.file({ path: DEFAULT_ENVIRONMENT, contents: `[Manager]\nDefaultEnvironment=${assignments.join(" ")}\n`, mode: 0o600 });
}

/** The proxy of the container runtime and of the kubelet. */
export function nodeProxy(spec: ClusterSpec, builder: IgnitionBuilder): IgnitionBuilder {
  const variables = variablesOf(spec);
  if (variables.length === 0) return builder;
  const lines = variables.map(([name, value]) => `${name}="${value.replaceAll(/[\\"$`]/g, "\\$&")}"\n`);
  return PROXIED.reduce(
    (node, unit) => node.dropin(unit, "10-proxy.conf", `[Service]\nEnvironmentFile=${PROXY_ENV}\n`),
    builder.file({ path: PROXY_ENV, contents: lines.join(""), mode: 0o600 }),
  );
}

function variablesOf(spec: ClusterSpec): readonly (readonly [name: string, value: string])[] {
  if (spec.proxy === undefined) return [];
  const { httpProxy, httpsProxy } = spec.proxy;
  return Object.entries({ HTTP_PROXY: httpProxy, HTTPS_PROXY: httpsProxy, NO_PROXY: completeNoProxy(spec) }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
}
