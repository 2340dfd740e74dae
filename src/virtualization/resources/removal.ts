import { InstallerError } from "../../errors/index.ts";
import { connectKube, type Look } from "../../kube/index.ts";
import type { ChangeRule, Resource, ResourceContext } from "../../pulumi/index.ts";
import { clusterLeftovers, emptiedKeysGone, installedVersions, KINDS, noLeftovers, removed, watchTarget, workloads } from "../observe/index.ts";
import { clusterInputs, emptiedKeysInputs, workloadInputs, type ClusterInputs, type EmptiedKeysInputs, type WorkloadInputs } from "./inputs.ts";
import { failure, watchOptions, type Ready } from "./wait.ts";

const CHANGES = { infraID: "replace", kubeconfig: "update", target: "update", timeoutSeconds: "update" } as const satisfies Record<
  string,
  ChangeRule
>;

/** What is remembered for the day of the uninstallation; nothing exists of it but in the state. */
const remembered = {
  inputs: clusterInputs,
  changes: CHANGES,
  secrets: ["kubeconfig"],
  deleteBeforeReplace: true,
  predict: () => ({ ready: true }),
  read: (_id, state) => Promise.resolve(state),
  update: () => Promise.resolve({ ready: true }),
} as const satisfies Partial<Resource<ClusterInputs, Ready>>;

/**
 * Before anything is made: nothing of an earlier installation is in the way. When all is gone: takes away what operators left
 * cluster-wide, their definitions, webhooks and API services.
 */
export const leftovers: Resource<ClusterInputs, Ready> = {
  ...remembered,
  create: async (inputs, context) => {
    const result = await watchTarget(noLeftovers(inputs.target, context.clock), {
      ...watchOptions(inputs, context, inputs.timeoutSeconds),
      concerns: ["VIRT_LEFTOVERS"],
    });
    if (result.outcome !== "done") throw failure("the cluster", result.outcome, inputs.timeoutSeconds, result.reason, result.causes);
    return { id: "leftovers", outputs: { ready: true } };
  },
  delete: async (_id, { inputs }, context) =>
    await remove(
      inputs,
      context,
      removed((client, signal) => clusterLeftovers(client, inputs.target.namespaces, signal)),
      "what the operators left",
    ),
};

/** Takes away the versions that OLM installed for a Subscription, once that is gone: OLM leaves them running. */
export const installedVersion: Resource<ClusterInputs, Ready> = {
  ...remembered,
  create: () => Promise.resolve({ id: "installed-versions", outputs: { ready: true } }),
  delete: async (_id, { inputs }, context) => {
    const [namespace = ""] = inputs.target.namespaces;
    const look = removed((client, signal) => installedVersions(client, namespace, "kubevirt-hyperconverged-operator", signal));
    await remove(inputs, context, look, "the installed versions");
  },
};

/** Keeps virtualization from being taken away while somebody uses it. */
export const workloadGuard: Resource<WorkloadInputs, Ready> = {
  ...remembered,
  inputs: workloadInputs,
  changes: { ...CHANGES, strategy: "update" },
  read: (_id, state) => Promise.resolve(state),
  create: () => Promise.resolve({ id: "workloads", outputs: { ready: true } }),
  delete: async (_id, { inputs }, context) => {
    if (inputs.strategy === "RemoveWorkloads") return await remove(inputs, context, removed(workloads), "virtual machines");
    const client = await connectKube({ kubeconfig: inputs.kubeconfig });
    try {
      const found = await workloads(client, context.signal);
      if (found.length === 0) return;
      const names = found.map(({ kind, object }) => `${kind.kind} ${object.metadata?.namespace ?? ""}/${object.metadata?.name ?? ""}`);
      throw new InstallerError("VIRT_IN_USE", `${found.length} virtual machines and disks are there: ${names.slice(0, 5).join(", ")}`, {
        details: names.slice(5, 20),
      });
    } finally {
      client.close();
    }
  },
};

/**
 * Before a patch of an operator's object goes: takes out what the patch alone has set. Where it was all of a part that its operator had left empty,
 * server-side apply would put null there, which the API server refuses.
 */
export const releasedKeys: Resource<EmptiedKeysInputs, Ready> = {
  ...remembered,
  inputs: emptiedKeysInputs,
  changes: { ...CHANGES, component: "replace", name: "replace", namespace: "replace", keys: "update" },
  read: (_id, state) => Promise.resolve(state),
  create: ({ component, name }) => Promise.resolve({ id: `${component}/${name}`, outputs: { ready: true } }),
  delete: async (_id, { inputs }, context) => {
    const { component, name, namespace } = inputs;
    const look = emptiedKeysGone(KINDS[component], { name, namespace }, []);
    await remove(inputs, context, async (client, signal) => ({ ...(await look(client, signal)), value: undefined }), `what is set in ${name}`);
  },
};

async function remove(inputs: ClusterInputs, context: ResourceContext, look: Look<undefined>, subject: string): Promise<void> {
  const result = await watchTarget(look, { ...watchOptions(inputs, context, inputs.timeoutSeconds), concerns: [] });
  if (result.outcome === "done") return;
  throw new InstallerError("VIRT_LEFTOVERS", `${subject} was not removed within ${inputs.timeoutSeconds} s: ${result.reason}`);
}
