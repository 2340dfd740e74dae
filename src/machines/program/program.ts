import * as pulumi from "@pulumi/pulumi";
import { KubernetesObject, kubernetesProvider, type Manifest } from "../../pulumi/kubernetes/index.ts";
import type { MachineApiNeeds } from "../../providers/index.ts";
import { NAMESPACE, userDataSecretName } from "../names.ts";
import { machineNodeAdmission } from "../node-admission.ts";
import { MachineSetsReady } from "../resources/sdk.ts";
import { clusterAutoscaler, monitoringDefinitions } from "./autoscaler.ts";
import type { MachineApiDefinitions } from "./definitions.ts";
import { namespace, setObjects, userDataSecret, type MachineApiInput } from "./objects.ts";
import { controllerRbac } from "./rbac.ts";

export interface MachineApiOptions extends MachineApiInput {
  /** Text of the admin kubeconfig; unknown in previews as long as there is no cluster. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly definitions: MachineApiDefinitions;
  /** Whether some set has bounds, and the cluster an autoscaler. */
  readonly autoscaler: boolean;
  /** What the platform needs beside that, and the objects for it, in the order in which they can be created. */
  readonly needs?: MachineApiNeeds | undefined;
  readonly objects?: readonly Manifest[] | undefined;
  /** The Secrets that machines are started with hold tokens, which the machine controller renews. */
  readonly tokensInSecrets: boolean;
  /** Names of the installer's machines. */
  readonly planned: readonly string[];
  /** Limit of the wait for the machines, in milliseconds. */
  readonly timeoutMs: number;
  /** What the machines of a pool are started with. A secret. */
  userData(pool: string): string;
  /** What must be there before: the control plane. */
  readonly dependsOn: readonly pulumi.Resource[];
  /** The cluster itself: when it goes, nothing in it is deleted one by one. */
  readonly deletedWith: pulumi.Resource;
}

/** The Machine API in a cluster whose control plane runs: definitions, permissions, and the MachineSets. Called inside the Pulumi runtime. */
export class MachineApi extends pulumi.ComponentResource {
  /** The last thing that is waited for. */
  readonly ready: pulumi.Resource;

  constructor(name: string, options: MachineApiOptions) {
    super("virt-ipi:machines:MachineApi", name);
    const { kubeconfig, identity, deletedWith } = options;
    const provider = kubernetesProvider("machine-api", { kubeconfig, clusterIdentifier: identity.infraID }, { parent: this });
    const apply = (object: Manifest, dependsOn: readonly pulumi.Resource[], more: pulumi.CustomResourceOptions = {}): KubernetesObject =>
      new KubernetesObject(nameOf(object), object, { parent: this, provider, deletedWith, dependsOn: [...options.dependsOn, ...dependsOn], ...more });
    const { autoscaler } = options;
    const { kinds, autoscalerAccess } = options.definitions;
    // Whoever has the Prometheus Operator has other definitions of its kinds.
    const monitoring = autoscaler ? monitoringDefinitions().map((object) => apply(object, [], { ignoreChanges: ["metadata", "spec"] })) : [];
    const early = [...[namespace({ autoscaler }), ...kinds].map((object) => apply(object, [])), ...monitoring];
    // Before there is a Machine, and with it a node of one.
    const admission = machineNodeAdmission(NAMESPACE, options.planned).map((object) => apply(object, early));
    const own: pulumi.Resource[] = [];
    for (const object of options.objects ?? []) own.push(apply(object, [...early, ...own]));
    const pools = [...new Set(options.sets.map(({ pool }) => pool.name))];
    const renewed = options.tokensInSecrets ? pools.map(userDataSecretName) : [];
    const granted = [...controllerRbac({ autoscaler, needs: options.needs, renewed }), ...autoscalerAccess].map((object) =>
      apply(object, [...early, ...own]),
    );
    if (autoscaler) apply(clusterAutoscaler(), granted);
    const secrets = pools.map((pool) =>
      // What the controller puts into it stays.
      apply(userDataSecret(pool, options.userData(pool)), early, options.tokensInSecrets ? { ignoreChanges: ["data"] } : {}),
    );
    const sets = options.sets.flatMap((set) =>
      // Whoever scales a set decides from then on.
      [...setObjects(set, options).values()].map((object) =>
        apply(object, [...granted, ...own, ...secrets, ...admission], { ignoreChanges: ["spec.replicas"] }),
      ),
    );
    this.ready = new MachineSetsReady(
      "machine-sets-ready",
      { infraID: identity.infraID, kubeconfig, names: options.sets.map((set) => set.name), timeoutSeconds: Math.ceil(options.timeoutMs / 1_000) },
      { parent: this, deletedWith, dependsOn: [...options.dependsOn, ...granted, ...sets] },
    );
    this.registerOutputs({});
  }
}

function nameOf({ kind, metadata }: Manifest): string {
  const { namespace = NAMESPACE } = metadata as { readonly namespace?: string };
  return [kind, ...(namespace === NAMESPACE ? [] : [namespace]), typeof metadata.name === "string" ? metadata.name : ""].join("/");
}
