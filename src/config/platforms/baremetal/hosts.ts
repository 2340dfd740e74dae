import { stringify } from "yaml";
import { fileNumber, MACHINE_API_NAMESPACE } from "../../openshift/machine-objects.ts";
import type { Pool } from "../../install-config.ts";
import type { PlatformAssetInput, PlatformManifest } from "../openshift-platform.ts";
import { roleOf } from "./roles.ts";
import type { BaremetalHostKeys, BaremetalPlatformSpec } from "./spec.ts";

const FOLDER = "openshift/99_openshift-cluster-api_";
/** Source: coreos/stream-metadata-go, arch, by description. */
const ARCHITECTURES: Readonly<Record<string, string>> = { amd64: "x86_64", arm64: "aarch64" };

/** A host, and the Machine of the control plane or of the arbiters that it becomes. */
interface PlannedHost {
  readonly host: BaremetalHostKeys;
  readonly group: "arbiters" | "others";
  readonly pool: Pool | undefined;
  /** Name of the Machine; absent: whichever Machine comes first gets the host. */
  readonly machine?: string;
}

/**
 * The hosts with what they become, of one of two groups: those of arbiters, and all others. Hosts without a role are taken for the control plane as long
 * as it has not got enough, then for arbiters.
 */
export function planHosts({ spec, openshift, identity }: PlatformAssetInput, group: "arbiters" | "others"): readonly PlannedHost[] {
  const { hosts } = spec.platform as BaremetalPlatformSpec;
  const { controlPlane, arbiter, compute } = openshift.config;
  const taken: Record<string, number> = { master: 0, arbiter: 0 };
  const missing = (pool: Pool | undefined): boolean => pool !== undefined && (taken[pool.name] ?? 0) < pool.replicas;
  const planned = hosts.map((host): PlannedHost => {
    const role = roleOf(host);
    const pool = role === "none" ? [controlPlane, arbiter].find(missing) : [controlPlane, arbiter].find((one) => one?.name === role);
    if (pool === undefined || !missing(pool)) return { host, group: role === "arbiter" ? "arbiters" : "others", pool: compute[0] };
    const index = taken[pool.name] ?? 0;
    taken[pool.name] = index + 1;
    return { host, group: pool.name === "arbiter" ? "arbiters" : "others", pool, machine: `${identity.infraID}-${pool.name}-${index}` };
  });
  return planned.filter((one) => one.group === group);
}

/** BareMetalHosts, and the Secrets with their credentials and their network configuration. */
export function hostManifests(input: PlatformAssetInput, group: "arbiters" | "others"): readonly PlatformManifest[] {
  const planned = planHosts(input, group);
  const prefix = `${FOLDER}${group === "arbiters" ? "arbiter_" : ""}`;
  const numbered = (what: string, objects: readonly PlatformManifest["object"][]): readonly PlatformManifest[] =>
    objects.map((object, index) => ({ path: `${prefix}${what}-${fileNumber(index, objects.length)}.yaml`, object }));
  return [
    ...numbered(
      "host-bmc-secrets",
      planned.filter(({ host }) => hasCredentials(host)).map(({ host }) => bmcSecret(host)),
    ),
    ...numbered(
      "host-network-config-secrets",
      planned.filter(({ host }) => host.networkConfig !== undefined).map(({ host }) => networkSecret(host)),
    ),
    ...numbered(
      "hosts",
      planned.map((host) => hostObject(host, input)),
    ),
  ];
}

const hasCredentials = ({ bmc }: BaremetalHostKeys): boolean => (bmc?.username ?? "") !== "" && (bmc?.password ?? "") !== "";
const nameOf = (host: BaremetalHostKeys): string => host.name ?? "";

const secret = (name: string, data: Readonly<Record<string, string>>) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: MACHINE_API_NAMESPACE },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")])),
});

const bmcSecret = (host: BaremetalHostKeys) =>
  secret(`${nameOf(host)}-bmc-secret`, { username: host.bmc?.username ?? "", password: host.bmc?.password ?? "" });

const networkSecret = (host: BaremetalHostKeys) =>
  secret(`${nameOf(host)}-network-config-secret`, { nmstate: stringify(host.networkConfig, { lineWidth: 0, version: "1.1", sortMapEntries: true }) });

function hostObject({ host, machine, pool }: PlannedHost, { openshift, contract }: PlatformAssetInput): PlatformManifest["object"] {
  const architecture = pool?.architecture ?? "amd64";
  const { osImageStream } = openshift.config;
  const stream = contract.metal.streams && osImageStream !== undefined ? { "coreos.openshift.io/stream": osImageStream } : {};
  const labels = machine === undefined ? stream : { ...stream, "installer.openshift.io/role": "control-plane" };
  return {
    apiVersion: "metal3.io/v1alpha1",
    kind: "BareMetalHost",
    metadata: {
      name: nameOf(host),
      namespace: MACHINE_API_NAMESPACE,
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      // Compute machines wait for the control plane: its operator, not the bootstrap machine's, provisions them.
      ...(machine === undefined ? { annotations: { "baremetalhost.metal3.io/paused": "" } } : {}),
    },
    spec: {
      ...(contract.metal.architectures ? { architecture: ARCHITECTURES[architecture] ?? architecture } : {}),
      bmc: bmcDetails(host),
      bootMACAddress: host.bootMACAddress,
      bootMode: host.bootMode,
      hardwareProfile: host.hardwareProfile === "default" ? "unknown" : host.hardwareProfile,
      online: true,
      ...(host.networkConfig === undefined ? {} : { preprovisioningNetworkDataName: `${nameOf(host)}-network-config-secret` }),
      ...(host.rootDeviceHints === undefined ? {} : { rootDeviceHints: hintsOf(host.rootDeviceHints) }),
      ...(machine === undefined
        ? {}
        : {
            consumerRef: { apiVersion: "machine.openshift.io/v1beta1", kind: "Machine", name: machine, namespace: MACHINE_API_NAMESPACE },
            customDeploy: { method: "install_coreos" },
            userData: { name: `${pool?.name ?? ""}-user-data-managed` },
          }),
    },
    status: NOTHING_YET,
  };
}

const bmcDetails = (host: BaremetalHostKeys) =>
  hasCredentials(host)
    ? {
        address: host.bmc?.address ?? "",
        credentialsName: `${nameOf(host)}-bmc-secret`,
        ...(host.bmc?.disableCertificateVerification === true ? { disableCertificateVerification: true } : {}),
      }
    : { address: "", credentialsName: "" };

/** Without texts that are empty and numbers that are zero, which say nothing. */
const hintsOf = (hints: NonNullable<BaremetalHostKeys["rootDeviceHints"]>) =>
  Object.fromEntries(Object.entries(hints).filter(([, value]) => value !== "" && value !== 0));

const NEVER = { end: null, start: null } as const;

/** The status that Go's types write of a host that nobody has seen. */
const NOTHING_YET = {
  errorCount: 0,
  errorMessage: "",
  goodCredentials: {},
  hardwareProfile: "",
  operationHistory: { deprovision: NEVER, inspect: NEVER, provision: NEVER, register: NEVER },
  operationalStatus: "",
  poweredOn: false,
  provisioning: { ID: "", image: { url: "" }, state: "" },
  triedCredentials: {},
} as const;
