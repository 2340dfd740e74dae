import type { Condition, GroupVersionKind } from "./objects.ts";
import { KINDS } from "./hco.ts";

/** kwok's rules: when an object matches, its status becomes the template, after the delay. Source: https://kwok.sigs.k8s.io/docs/user/stages-configuration */
export interface Stage {
  readonly name: string;
  readonly of: GroupVersionKind;
  readonly when: readonly Match[];
  readonly delayMs?: number;
  /** A Go template in YAML. */
  readonly status?: string;
  readonly delete?: true;
}

export interface Match {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

/** With this label an object keeps the status that it has: for tests of what is not ready yet. */
export const HOLD_LABEL = "test.virt-ipi/hold";
/** Images from here cannot be pulled; all others start at once. */
export const UNPULLABLE = "registry.invalid/absent/";

const NODE: GroupVersionKind = { group: "", version: "v1", kind: "Node" };
const POD: GroupVersionKind = { group: "", version: "v1", kind: "Pod" };
const DELETED: Match = { key: ".metadata.deletionTimestamp", operator: "Exists" };
const ALIVE: Match = { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" };
const FREE: Match = { key: `.metadata.labels["${HOLD_LABEL}"]`, operator: "DoesNotExist" };
const conditionIs = (type: string, operator: "In" | "NotIn", status: string): Match => ({
  key: `.status.conditions.[] | select( .type == "${type}" ) | .status`,
  operator,
  values: [status],
});
const imageOf = (operator: "In" | "NotIn"): Match => ({
  key: `[ .spec.containers[], .spec.initContainers[]? ] | any( .image | startswith("${UNPULLABLE}") ) | tostring`,
  operator,
  values: ["true"],
});

/** A pod whose images are there starts. @param ready whether its containers are ready from then on, or only run */
export const podStarts = (name: string, when: readonly Match[], ready: boolean): Stage => ({
  name,
  of: POD,
  when: [ALIVE, FREE, { key: ".status.phase", operator: "In", values: ["Pending"] }, imageOf("NotIn"), ...when],
  delayMs: 300,
  status: `
{{ $now := Now }}
startTime: {{ $now | Quote }}
phase: Running
conditions:
- { type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }} }
{{ range $type := list "Ready" "ContainersReady" }}
- { type: {{ $type | Quote }}, status: "${ready ? "True" : "False"}", lastTransitionTime: {{ $now | Quote }} }
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- { name: {{ .name | Quote }}, image: {{ .image | Quote }}, imageID: "", ready: ${ready}, started: true, restartCount: 0, state: { running: { startedAt: {{ $now | Quote }} } } }
{{ end }}
{{ $ip := PodIPWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
hostIP: {{ NodeIP | Quote }}
podIP: {{ $ip | Quote }}
podIPs:
- ip: {{ $ip | Quote }}
`,
});

/** Nodes and pods: what kubelet does. */
export const NODE_STAGES: readonly Stage[] = [
  {
    name: "node-ready",
    of: NODE,
    when: [conditionIs("Ready", "NotIn", "True")],
    status: `
{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- { type: {{ .type | Quote }}, status: {{ .status | Quote }}, reason: {{ .reason | Quote }}, message: {{ .message | Quote }}, lastHeartbeatTime: {{ $now | Quote }}, lastTransitionTime: {{ $now | Quote }} }
{{ end }}
addresses:
- { type: InternalIP, address: {{ NodeIP | Quote }} }
- { type: Hostname, address: {{ .metadata.name | Quote }} }
allocatable: { cpu: "64", memory: 256Gi, pods: "500", devices.kubevirt.io/kvm: 1k }
capacity: { cpu: "64", memory: 256Gi, pods: "500", devices.kubevirt.io/kvm: 1k }
phase: Running
`,
  },
  {
    name: "pod-cannot-pull",
    of: POD,
    when: [
      ALIVE,
      { key: ".status.phase", operator: "In", values: ["Pending"] },
      { key: ".status.startTime", operator: "DoesNotExist" },
      imageOf("In"),
    ],
    status: `
{{ $now := Now }}
startTime: {{ $now | Quote }}
phase: Pending
conditions:
- { type: Initialized, status: "False", reason: ContainersNotInitialized, lastTransitionTime: {{ $now | Quote }} }
- { type: Ready, status: "False", reason: ContainersNotReady, lastTransitionTime: {{ $now | Quote }} }
initContainerStatuses:
{{ range .spec.initContainers }}
- { name: {{ .name | Quote }}, image: {{ .image | Quote }}, imageID: "", ready: false, restartCount: 0, state: { waiting: { reason: ImagePullBackOff, message: {{ printf "Back-off pulling image %s" .image | Quote }} } } }
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- { name: {{ .name | Quote }}, image: {{ .image | Quote }}, imageID: "", ready: false, restartCount: 0, state: { waiting: {{ if $.spec.initContainers }}{ reason: PodInitializing }{{ else }}{ reason: ImagePullBackOff, message: {{ printf "Back-off pulling image %s" .image | Quote }} }{{ end }} } }
{{ end }}
`,
  },
  podStarts("pod-ready", [], true),
  { name: "pod-delete", of: POD, when: [DELETED], delete: true },
];

const condition = (type: string, status: Condition["status"], reason: string): string =>
  `- { type: ${type}, status: "${status}", reason: ${reason}, message: "", observedGeneration: {{ .metadata.generation }}, lastTransitionTime: {{ Now | Quote }} }`;

/** Conditions as HCO and its operands have them, first while they start and then when they are done. */
const conditions = (ready: boolean, reason: string, extra: readonly string[] = []): string =>
  [
    "observedGeneration: {{ .metadata.generation }}",
    "conditions:",
    condition("Available", ready ? "True" : "False", reason),
    condition("Progressing", ready ? "False" : "True", reason),
    condition("Degraded", "False", reason),
    condition("Upgradeable", ready ? "True" : "False", reason),
    ...extra,
  ].join("\n");

function operand(kind: GroupVersionKind, status: readonly string[] = []): Stage {
  return {
    name: `${kind.kind.toLowerCase()}-deployed`,
    of: kind,
    when: [ALIVE, FREE, conditionIs("Available", "NotIn", "True")],
    delayMs: 300,
    status: [...status, conditions(true, "AllComponentsReady")].join("\n"),
  };
}

const { hyperConverged } = KINDS;

/** HyperConverged and what it stands for: what the operators report. */
export const OPERAND_STAGES: readonly Stage[] = [
  {
    name: "hyperconverged-init",
    of: hyperConverged,
    when: [ALIVE, { key: ".status.conditions.[].type", operator: "DoesNotExist" }],
    status: conditions(false, "Init", [condition("ReconcileComplete", "Unknown", "Init")]),
  },
  {
    name: "hyperconverged-complete",
    of: hyperConverged,
    // Also after an upgrade, which starts with Progressing.
    when: [ALIVE, FREE, conditionIs("Progressing", "In", "True")],
    delayMs: 1_000,
    status: [
      "systemHealthStatus: healthy",
      conditions(true, "ReconcileCompleted", [condition("ReconcileComplete", "True", "ReconcileCompleted")]),
    ].join("\n"),
  },
  operand(KINDS.kubevirt, ["phase: Deployed"]),
  operand(KINDS.cdi, ["phase: Deployed"]),
  operand(KINDS.networkAddons),
  operand(KINDS.ssp, ["phase: Deployed"]),
  operand(KINDS.hostPathProvisioner),
];

/** The stages as a configuration file of kwok: JSON documents, which are YAML too. */
export function renderStages(stages: readonly Stage[]): string {
  return stages.map((stage) => JSON.stringify(render(stage))).join("\n---\n");
}

function render({ name, of, when, delayMs, status, delete: remove }: Stage): object {
  return {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: of.group === "" ? of.version : `${of.group}/${of.version}`, kind: of.kind },
      selector: { matchExpressions: when },
      ...(delayMs === undefined ? {} : { delay: { durationMilliseconds: delayMs } }),
      next: {
        ...(status === undefined ? {} : { statusTemplate: status }),
        ...(remove === undefined ? {} : { delete: remove }),
      },
    },
  };
}
