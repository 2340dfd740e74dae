import type { BootstrapContext } from "../distribution-renderer.ts";
import { InstallerError } from "../../errors/index.ts";
import { type KubernetesObject, type Manifest, manifestText, parseManifest } from "../manifests/index.ts";
import { isRecord } from "../../util/index.ts";
import type { OpenShiftContext } from "./context.ts";
import { manifest } from "./objects.ts";

const PATH = "manifests/cvo-overrides.yaml";
const KIND = "ClusterVersion";

/** Which release the cluster shall be, and which optional parts of it. */
export function clusterVersion({ identity, openshift, contract }: OpenShiftContext): Manifest {
  const { capabilities } = openshift.config;
  const { baselineCapabilitySet, additionalEnabledCapabilities: additional = [] } = capabilities ?? {};
  return manifest(PATH, {
    apiVersion: "config.openshift.io/v1",
    kind: KIND,
    // The object has no namespace; OpenShift's installer gives it one all the same, and the API drops it.
    metadata: { name: "version", namespace: "openshift-cluster-version" },
    spec: {
      ...(contract.updateService === undefined ? {} : { upstream: contract.updateService }),
      channel: contract.channel,
      clusterID: identity.clusterID,
      ...(capabilities === undefined
        ? {}
        : { capabilities: { baselineCapabilitySet, ...(additional.length === 0 ? {} : { additionalEnabledCapabilities: additional }) } }),
    },
  });
}

/** One object that the cluster-version operator leaves alone. */
interface Override {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly unmanaged: true;
}

export interface Overrides {
  /** Text of the manifest, by its path. */
  readonly path: string;
  readonly text: string;
  /** JSON of the merge patch that puts the user's own overrides back once bootstrapping is complete. */
  readonly patch: string;
}

/**
 * While bootstrapping, the cluster-version operator must not fight over the installer's manifests: each becomes an override, in front of those
 * that the user has. Those of machines are no matter of that operator.
 * @throws InstallerError MANIFEST_INVALID if the ClusterVersion is gone, or its overrides are no list
 * @throws InstallerError MANIFEST_DUPLICATE for one file name in both folders: the bootstrap puts the two together
 */
export function bootstrapOverrides(manifests: BootstrapContext["manifests"]): Overrides {
  const text = manifests.get(PATH);
  const version = text === undefined ? undefined : parseManifest(PATH, text).find(({ kind }) => kind === KIND);
  if (version === undefined)
    throw new InstallerError("MANIFEST_INVALID", `${PATH} has no ${KIND}: the bootstrap cannot do without it`, {
      value: PATH,
      advice:
        "Put it back. If you have no copy, remove the whole folder manifests, with your changes in it, and run again: all of its files are created then.",
    });
  refuseSameNames([...manifests.keys()]);
  const spec = version["spec"] ?? {};
  if (!isRecord(spec)) throw new InstallerError("MANIFEST_INVALID", `${PATH}: spec is not an object`, { value: PATH });
  const own: unknown = spec["overrides"] ?? null;
  if (own !== null && !Array.isArray(own)) throw new InstallerError("MANIFEST_INVALID", `${PATH}: spec.overrides is not a list`, { value: PATH });
  const ours = [...manifests].flatMap(([path, each]) => (path === PATH || isOfMachines(path) ? [] : parseManifest(path, each).map(overrideOf)));
  const changed = { ...version, spec: { ...spec, overrides: [...ours, ...((own ?? []) as unknown[])] } };
  return { path: PATH, text: manifestText(manifest(PATH, changed)), patch: JSON.stringify({ spec: { overrides: own } }) };
}

function refuseSameNames(paths: readonly string[]): void {
  const known = new Set(paths);
  const path = paths.find((each) => each.startsWith("openshift/") && known.has(each.replace("openshift/", "manifests/")));
  if (path === undefined) return;
  throw new InstallerError("MANIFEST_DUPLICATE", `there is both ${path.replace("openshift/", "manifests/")} and ${path}`, {
    value: path,
    advice: "Give one of the two another name: the bootstrap machine puts both folders together, and one file would be lost.",
  });
}

function overrideOf({ apiVersion, kind, metadata }: KubernetesObject): Override {
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  return { group, kind, name: metadata.name, namespace: metadata.namespace ?? "", unmanaged: true };
}

/** Source: openshift/installer, pkg/asset/machines, the patterns of file names, by description. */
const MACHINE_FILES = [
  /^99_openshift-cluster-api_(?:master|worker|arbiter)-user-data-secret\.yaml$/,
  /^99_openshift-cluster-api_(?:master-machines|worker-machines|worker-machineset|arbiter-machines)-.*\.yaml$/,
  /^99_openshift-cluster-api_(?:arbiter_)?(?:hosts|host-bmc-secrets|host-network-config-secrets)-.*\.yaml$/,
  /^99_openshift-machine-api_master-control-plane-machine-set\.yaml$/,
  /^99_openshift-machine-api_(?:claim|address)-.*\.yaml$/,
  /^99_openshift-machineconfig_.*\.yaml$/,
  /^99_openshift-installer-ignition_.*\.yaml$/,
  /^99_openshift-etcd_fencing-credentials-secrets-.*\.yaml$/,
];

export const isOfMachines = (path: string): boolean =>
  path.startsWith("openshift/") && MACHINE_FILES.some((pattern) => pattern.test(path.slice("openshift/".length)));
