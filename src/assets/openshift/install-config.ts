import { stringify } from "yaml";
import type { Contract, InstallConfig } from "../../config/index.ts";
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

/** Values that OpenShift's installer writes as they are, also where they are empty, false or 0; platforms have more. */
const AS_GIVEN = [
  "pullSecret",
  "baseDomain",
  "annotations",
  "labels",
  "username",
  "password",
  "address",
  "source",
  "sourcePolicy",
  "replicas",
] as const;

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
  const { name } = spec.platform;
  const kept = (own: Pool["platform"]): object => {
    const all = (own ?? {}) as Readonly<Partial<Record<string, object>>>;
    return { ...all, ...(all[name] === undefined ? {} : { [name]: platform.keptPool?.(all[name], config, contract) ?? all[name] }) };
  };
  const pool = ({ machineSet: _, ...given }: Pool): object => ({
    ...given,
    ...(given.fencing === undefined ? {} : { fencing: keptFencing(given.fencing, contract) }),
    platform: kept(given.platform),
  });
  const known = Object.fromEntries(Object.entries(config).filter(([key]) => !OWN_KEYS.has(key)));
  return without(new Set([...AS_GIVEN, ...(platform.keptAsGiven ?? [])]), {
    ...known,
    ...(contract.sourcePolicy ? sourcePolicies(config) : {}),
    controlPlane: pool(config.controlPlane),
    ...(config.arbiter === undefined ? {} : { arbiter: pool(config.arbiter) }),
    compute: config.compute.map(pool),
    metadata: keptMetadata(config, contract),
    platform: { ...config.platform, [name]: platform.keptConfig?.(config.platform?.[name], contract) ?? config.platform?.[name] },
  });
}

const keptFencing = ({ credentials, ...rest }: NonNullable<Pool["fencing"]>, { fencingCertificates }: Contract): object => ({
  ...rest,
  credentials: credentials?.map(({ certificateVerification, ...one }) => ({ ...one, ...(fencingCertificates ? { certificateVerification } : {}) })),
});

function keptMetadata({ metadata }: InstallConfig, { nullCreationTimestamps }: Contract): object {
  const filled = Object.entries(metadata ?? {}).filter(([, value]) => isRecord(value) && Object.keys(value).length > 0);
  return {
    name: metadata?.name,
    namespace: metadata?.namespace,
    ...Object.fromEntries(filled),
    ...(nullCreationTimestamps ? { creationTimestamp: null } : {}),
  };
}

/** In versions that know the policy of a source, that there is none is said too. */
const sourcePolicies = ({ imageDigestSources = [] }: InstallConfig): object => ({
  imageDigestSources: imageDigestSources.map(({ sourcePolicy = "", ...source }) => ({ ...source, sourcePolicy })),
});

type Pool = InstallConfig["controlPlane"];

/** Without what says nothing, as Go's `omitempty` has it: empty texts and lists, false and 0. */
function without(asGiven: ReadonlySet<string>, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((child) => without(asGiven, child));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) => {
      if (child !== undefined && asGiven.has(key)) return [[key, child]];
      return isEmpty(child) ? [] : [[key, without(asGiven, child)]];
    }),
  );
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === "" || value === false || value === 0 || (Array.isArray(value) && value.length === 0);
