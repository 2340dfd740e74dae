import type { ErrorId } from "../../errors/index.ts";
import {
  accelerationSettled,
  catalogReady,
  componentReady,
  deploymentsReady,
  emptiedKeysGone,
  hyperConvergedReady,
  KINDS,
  operatorReady,
  planApproved,
  steady,
  storageReady,
  type OlmTarget,
} from "../observe/index.ts";
import {
  accelerationInputs,
  clusterInputs,
  componentInputs,
  deploymentInputs,
  emptiedKeysInputs,
  hyperConvergedInputs,
  operatorInputs,
  type ClusterInputs,
  type ComponentInputs,
} from "./inputs.ts";
import { waitResource } from "./wait.ts";

const OLM_CAUSES: readonly ErrorId[] = ["VIRT_LEFTOVERS", "VIRT_OLM_MISSING", "VIRT_CATALOG_MISSING", "VIRT_CATALOG_UNHEALTHY"];
const SUBSCRIPTION_CAUSES: readonly ErrorId[] = [
  ...OLM_CAUSES,
  "VIRT_OPERATOR_GROUP",
  "VIRT_RESOLUTION_FAILED",
  "VIRT_UNPACK_FAILED",
  "VIRT_INSTALL_PLAN_FAILED",
  "VIRT_INSTALL_PLAN_OTHER",
  "VIRT_DEFINITION_TOO_LARGE",
];
const POD_CAUSES: readonly ErrorId[] = [
  "VIRT_IMAGE_PULL",
  "VIRT_POD_CRASH",
  "VIRT_JOB_FAILED",
  "VIRT_POD_MOUNT",
  "VIRT_POD_UNSCHEDULABLE",
  "VIRT_DEFINITION_MISSING",
  "VIRT_WEBHOOK_UNREACHABLE",
];
const OPERATOR_CAUSES: readonly ErrorId[] = [...SUBSCRIPTION_CAUSES, ...POD_CAUSES, "VIRT_CSV_FAILED", "VIRT_NOT_UPGRADEABLE", "VIRT_REQUIREMENTS"];

/** What OLM takes to see that its Subscription has changed, and an operator that its resource has. */
const NOTICE_MS = 15_000;
/**
 * Whose operators do not write which generation they have seen, and write nothing after a change for which they had nothing to do. KubeVirt's does.
 * Source: containerized-data-importer 1.64, cluster-network-addons-operator 0.97, hostpath-provisioner-operator 0.25: their statuses
 */
const SILENT: readonly ComponentInputs["component"][] = ["cdis", "networkAddonsConfigs", "hostPathProvisioners"];
/** Catalog pods come up in a minute; one that takes ten will not come. */
const CATALOG_SECONDS = 600;

/** The catalog serves. */
export const catalogWait = waitResource({
  inputs: clusterInputs,
  subject: (inputs) => `CatalogSource ${olmOf(inputs).catalogSource.name}`,
  id: () => "catalog-ready",
  look: (inputs) => catalogReady(olmOf(inputs)),
  nothing: { address: "" },
  concerns: OLM_CAUSES,
  atMostSeconds: CATALOG_SECONDS,
});

/** Approves InstallPlans up to the version asked for, and no other. */
export const installPlanApproval = waitResource({
  inputs: clusterInputs,
  subject: () => "the InstallPlan",
  id: () => "install-plan-approval",
  look: (inputs, { progress, clock }, again) => {
    const look = planApproved(namespaceOf(inputs), olmOf(inputs), (text) => progress.note(text));
    return again && olmOf(inputs).startingCSV === undefined ? steady(look, NOTICE_MS, clock) : look;
  },
  nothing: { csv: "" },
  concerns: OPERATOR_CAUSES,
});

/** What OLM installed works. */
export const operatorWait = waitResource({
  inputs: operatorInputs,
  subject: () => "the operator",
  id: () => "operator-ready",
  look: (inputs, { clock }, again) => {
    const look = operatorReady({ namespace: namespaceOf(inputs), subscription: olmOf(inputs).subscription, csv: inputs.csv });
    return again && inputs.csv === undefined ? steady(look, NOTICE_MS, clock) : look;
  },
  nothing: { csv: "", version: "" },
  concerns: OPERATOR_CAUSES,
  again: ["csv", "revision"],
});

/** Operators that come from manifests are available, and their webhooks answer. */
export const deploymentWait = waitResource({
  inputs: deploymentInputs,
  subject: () => "the operators",
  id: () => "operators-available",
  look: (inputs) => {
    const look = deploymentsReady(inputs.deployments);
    return async (client, signal) => {
      const found = await look(client, signal);
      return found.done ? { done: true, value: {} } : found;
    };
  },
  nothing: {},
  concerns: ["VIRT_LEFTOVERS", ...POD_CAUSES],
  again: ["deployments", "revision"],
});

/** A disk that names no StorageClass finds one. */
export const storageWait = waitResource({
  inputs: clusterInputs,
  subject: () => "storage",
  id: () => "storage-ready",
  look: () => storageReady(),
  nothing: { storageClass: "" },
  concerns: ["VIRT_NO_STORAGE_CLASS"],
});

/** What is applied next to a resource leaves no null in it. */
export const emptiedKeys = waitResource({
  inputs: emptiedKeysInputs,
  subject: ({ component, name }) => `${KINDS[component].kind} ${name}`,
  id: ({ component, name }) => `${component}/${name}`,
  look: ({ component, name, namespace, keys }) => emptiedKeysGone(KINDS[component], { name, namespace }, keys),
  nothing: {},
  concerns: [],
  again: ["component", "name", "namespace", "keys"],
});

/** A resource of one of the operators is Available. */
export const componentWait = waitResource({
  inputs: componentInputs,
  subject: ({ component, name }) => `${KINDS[component].kind} ${name}`,
  id: ({ component, name }) => `${component}/${name}`,
  look: ({ component, name, namespace, version }, { clock }, again) => {
    const look = componentReady(KINDS[component], { name, namespace }, version);
    return again && SILENT.includes(component) ? steady(look, NOTICE_MS, clock) : look;
  },
  nothing: { version: "" },
  // Not for want of a StorageClass: the hostpath provisioner's comes only after it.
  concerns: ["VIRT_LEFTOVERS", "VIRT_COMPONENT_NOT_READY", ...POD_CAUSES],
  again: ["component", "name", "namespace", "revision"],
});

/** HyperConverged and all that it stands for works. */
export const hyperConvergedWait = waitResource({
  inputs: hyperConvergedInputs,
  subject: () => "HyperConverged",
  id: ({ hyperConverged }) => `${hyperConverged.namespace}/${hyperConverged.name}`,
  look: ({ hyperConverged, version }, { clock }, again) => {
    const look = hyperConvergedReady(hyperConverged, version === "" ? undefined : version);
    // Some of what it stands for is silent, too.
    return again ? steady(look, NOTICE_MS, clock) : look;
  },
  nothing: { version: "" },
  again: ["hyperConverged", "version", "revision"],
});

/** It is known which nodes have /dev/kvm, and emulation is switched accordingly. */
export const accelerationWait = waitResource({
  inputs: accelerationInputs,
  subject: () => "the nodes' acceleration",
  id: () => "acceleration",
  look: ({ owner, target }) => accelerationSettled({ mode: target.emulation, owner }),
  nothing: { accelerated: [] as readonly string[], others: [] as readonly string[], emulation: false },
  concerns: ["VIRT_NO_KVM", ...POD_CAUSES],
  again: ["owner", "revision"],
});

function olmOf({ target }: ClusterInputs): OlmTarget {
  if (target.olm === undefined) throw new Error("this resource is of source OLM");
  return target.olm;
}

const namespaceOf = ({ target }: ClusterInputs): string => target.namespaces[0] ?? "";
