import { stringify } from "yaml";
import type { InstallConfig } from "../../config/index.ts";
import type { Manifest } from "../manifests/index.ts";
import { isRecord } from "../../util/index.ts";
import type { OpenShiftContext } from "./context.ts";
import { manifest, sortedKeys } from "./objects.ts";

/** Keys that only virt-ipi knows: OpenShift's operators read this file and would stumble over them. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  "kind",
  "distribution",
  "release",
  "additionalNTPServers",
  "timeouts",
  "virtualization",
  "machineManagement",
]);

/** What OpenShift's installer writes although it is empty, or blank. */
const ALWAYS: ReadonlySet<string> = new Set(["pullSecret", "user", "username", "password"]);

/**
 * ConfigMap `kube-system/cluster-config-v1`: the install-config after conversion and defaults, without secrets. The operators that render the
 * bootstrap control plane read it.
 */
export const clusterConfig = (context: OpenShiftContext): Manifest =>
  manifest("manifests/cluster-config.yaml", {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: "cluster-config-v1",
      namespace: "kube-system",
      annotations: {
        "kubernetes.io/description":
          "The install-config that the cluster was created from. It is not changed when the cluster is: the objects in the API say how it is now.",
      },
    },
    data: {
      "install-config": stringify(sortedKeys(asWritten(context)), { lineWidth: 0, version: "1.1" }),
    },
  });

function asWritten({ spec, openshift: { config }, contract, platform }: OpenShiftContext): unknown {
  const { nullCreationTimestamps } = contract;
  const { name } = spec.platform;
  const kept = (own: Pool["platform"]): object => {
    const all = (own ?? {}) as Readonly<Partial<Record<string, object>>>;
    return { ...all, ...(all[name] === undefined ? {} : { [name]: platform.keptPool?.(all[name], config, contract) ?? all[name] }) };
  };
  const pool = ({ machineSet: _, ...given }: Pool): object => ({
    ...(without(given) as object),
    platform: kept(given.platform),
    replicas: given.replicas,
  });
  const { metadata, cpuPartitioningMode, ...rest } = config;
  const known = Object.fromEntries(Object.entries(rest).filter(([key]) => !OWN_KEYS.has(key)));
  return {
    ...(without(known) as object),
    ...(cpuPartitioningMode === "None" ? {} : { cpuPartitioningMode }),
    ...(contract.sourcePolicy ? sourcePolicies(config) : {}),
    controlPlane: pool(config.controlPlane),
    ...(config.arbiter === undefined ? {} : { arbiter: pool(config.arbiter) }),
    compute: config.compute.map(pool),
    metadata: { name: metadata?.name, ...(nullCreationTimestamps ? { creationTimestamp: null } : {}) },
    platform: { ...config.platform, [name]: platform.keptConfig?.(config.platform?.[name], contract) ?? config.platform?.[name] },
  };
}

/** In versions that know the policy of a source, that there is none is said too. */
const sourcePolicies = ({ imageDigestSources }: InstallConfig): object =>
  imageDigestSources === undefined || imageDigestSources.length === 0
    ? {}
    : { imageDigestSources: imageDigestSources.map(({ sourcePolicy = "", ...source }) => ({ ...(without(source) as object), sourcePolicy })) };

type Pool = InstallConfig["controlPlane"];

/** Without what says nothing: empty texts and lists, and false. */
function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, child]) => (isEmpty(child) && !ALWAYS.has(key) ? [] : [[key, without(child)]])));
}

const isEmpty = (value: unknown): boolean => value === undefined || value === "" || value === false || (Array.isArray(value) && value.length === 0);
