import type { ClusterSpec } from "../../config/index.ts";
import type { Manifest } from "../manifests/index.ts";
import type { OpenShiftContext } from "./context.ts";
import { manifest, typed } from "./objects.ts";
import { USER_CA_BUNDLE } from "./trust-bundle.ts";

/** What the cluster is to use: the user's proxy, and everything that is reached without it. */
export interface ProxyStatus {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
}

export function proxyStatus(spec: ClusterSpec): ProxyStatus {
  const { httpProxy, httpsProxy } = spec.proxy ?? {};
  if (httpProxy === undefined && httpsProxy === undefined) return {};
  return {
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    noProxy: noProxyOf(spec),
  };
}

/** Sorted as texts, each once. `*` alone stands for everything. */
function noProxyOf({ clusterDomain, networking, proxy }: ClusterSpec): string {
  const given = proxy?.noProxy ?? "";
  if (given === "*") return given;
  const own = ["127.0.0.1", "localhost", ".svc", ".cluster.local", `api-int.${clusterDomain}`];
  const networks = [...networking.serviceNetwork, ...networking.machineNetwork, ...networking.clusterNetwork.map(({ cidr }) => cidr)];
  return [...new Set([...own, ...networks, ...given.split(",").filter((part) => part !== "")])].toSorted().join(",");
}

export function proxy({ spec, openshift, contract }: OpenShiftContext): Manifest {
  const isTrusted =
    spec.additionalTrustBundle !== undefined && (spec.proxy !== undefined || openshift.config.additionalTrustBundlePolicy === "Always");
  return manifest(
    "manifests/cluster-proxy-01-config.yaml",
    typed(contract, {
      apiVersion: "config.openshift.io/v1",
      kind: "Proxy",
      metadata: { name: "cluster" },
      spec: { ...spec.proxy, trustedCA: { name: isTrusted ? USER_CA_BUNDLE : "" } },
      status: proxyStatus(spec),
    }),
  );
}
