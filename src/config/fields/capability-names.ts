/** Optional components by OpenShift's names. */
export const CAPABILITIES = [
  "Build",
  "CSISnapshot",
  "CloudControllerManager",
  "CloudCredential",
  "ClusterAPI",
  "CompatibilityRequirements",
  "Console",
  "DeploymentConfig",
  "ImageRegistry",
  "Ingress",
  "Insights",
  "MachineAPI",
  "NodeTuning",
  "OperatorLifecycleManager",
  "OperatorLifecycleManagerV1",
  "Storage",
  "baremetal",
  "marketplace",
  "openshift-samples",
] as const;

export type Capability = (typeof CAPABILITIES)[number];

const added: readonly (readonly [string, readonly Capability[]])[] = [
  ["None", []],
  ["v4.11", ["baremetal", "MachineAPI", "marketplace", "openshift-samples"]],
  ["v4.12", ["Console", "Insights", "Storage", "CSISnapshot"]],
  ["v4.13", ["NodeTuning"]],
  ["v4.14", ["Build", "DeploymentConfig", "ImageRegistry"]],
  ["v4.15", ["OperatorLifecycleManager", "CloudCredential"]],
  ["v4.16", ["CloudControllerManager", "Ingress"]],
  ["v4.17", []],
  ["v4.18", ["OperatorLifecycleManagerV1"]],
];

/** Those that only versions have whose contract says so. */
export const NEWER_CAPABILITIES: ReadonlySet<Capability> = new Set<Capability>(["ClusterAPI", "CompatibilityRequirements"]);

export const BASELINE_SETS = ["None", "v4.11", "v4.12", "v4.13", "v4.14", "v4.15", "v4.16", "v4.17", "v4.18", "vCurrent"] as const;

/** What a baseline set switches on: each release's set holds those before it. */
export function capabilitiesOf(baseline: (typeof BASELINE_SETS)[number]): ReadonlySet<Capability> {
  const last = baseline === "vCurrent" ? added.length - 1 : added.findIndex(([name]) => name === baseline);
  return new Set(added.slice(0, last + 1).flatMap(([, names]) => names));
}

interface Given {
  readonly capabilities?:
    | {
        readonly baselineCapabilitySet?: (typeof BASELINE_SETS)[number] | undefined;
        readonly additionalEnabledCapabilities?: readonly Capability[] | undefined;
      }
    | undefined;
}

/** The optional components that a cluster gets: all of today's, where the file says nothing. */
export const enabledCapabilities = ({ capabilities = {} }: Given): ReadonlySet<Capability> =>
  new Set([...capabilitiesOf(capabilities.baselineCapabilitySet ?? "vCurrent"), ...(capabilities.additionalEnabledCapabilities ?? [])]);
