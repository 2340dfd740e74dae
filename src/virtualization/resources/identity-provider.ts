import { z } from "zod";
import { at, listAt, type KubeClient, type ObjectKind, textAt } from "../../kube/index.ts";
import type { Resource, ResourceContext } from "../../pulumi/index.ts";
import { watchTarget } from "../observe/index.ts";
import { clusterInputs } from "./inputs.ts";
import { failure, watchOptions, type Ready } from "./wait.ts";

const OAUTHS: ObjectKind = { apiVersion: "config.openshift.io/v1", kind: "OAuth", plural: "oauths" };
const CLUSTER_OPERATORS: ObjectKind = { apiVersion: "config.openshift.io/v1", kind: "ClusterOperator", plural: "clusteroperators" };
const NAME = { name: "cluster" };

export const identityProviderInputs = clusterInputs.extend({ name: z.string().min(1), secretName: z.string().min(1) });
export type IdentityProviderInputs = z.infer<typeof identityProviderInputs>;

/**
 * One entry of OAuth/cluster's spec.identityProviders. The list belongs to everybody and can only be written as one, so it is read,
 * changed and written with the version that was read; whoever came in between wins, and it is tried again.
 */
export const identityProvider: Resource<IdentityProviderInputs, Ready> = {
  inputs: identityProviderInputs,
  changes: { infraID: "replace", name: "replace", secretName: "update", kubeconfig: "ignore", target: "ignore", timeoutSeconds: "ignore" },
  secrets: ["kubeconfig"],
  deleteBeforeReplace: true,
  predict: () => ({ ready: true }),
  create: async (inputs, context) => {
    await settle(inputs, context, true);
    return { id: inputs.name, outputs: { ready: true } };
  },
  read: (_id, state) => Promise.resolve(state),
  update: async (_id, _old, inputs, context) => {
    await settle(inputs, context, true);
    return { ready: true };
  },
  delete: async (_id, { inputs }, context) => await settle(inputs, context, false),
};

async function settle(inputs: IdentityProviderInputs, context: ResourceContext, present: boolean): Promise<void> {
  const result = await watchTarget(
    async (client, signal) => {
      if (!(await writeEntry(client, inputs, present, signal))) return { done: false, reason: "somebody else has changed OAuth cluster meanwhile" };
      const operator = await client.read(CLUSTER_OPERATORS, { name: "authentication" }, signal);
      const progressing = listAt(operator, "status", "conditions").find((one) => textAt(one, "type") === "Progressing");
      return textAt(progressing, "status") === "True"
        ? { done: false, reason: `ClusterOperator authentication is rolling out: ${textAt(progressing, "message")}` }
        : { done: true, value: undefined };
    },
    { ...watchOptions(inputs, context, inputs.timeoutSeconds), concerns: [] },
  );
  if (result.outcome !== "done")
    throw failure(`identity provider ${inputs.name}`, result.outcome, inputs.timeoutSeconds, result.reason, result.causes);
}

/** True once the list has the entry, or has it no more; false if it was changed in between. */
async function writeEntry(client: KubeClient, inputs: IdentityProviderInputs, present: boolean, signal: AbortSignal | undefined): Promise<boolean> {
  const oauth = await client.read(OAUTHS, NAME, signal);
  if (oauth === undefined && !present) return true;
  const before = listAt(oauth, "spec", "identityProviders");
  const after = identityProviders(before, inputs, present);
  if (JSON.stringify(after) === JSON.stringify(before)) return true;
  const version = at(oauth, "metadata", "resourceVersion");
  try {
    await client.patch(OAUTHS, NAME, { metadata: { resourceVersion: version }, spec: { identityProviders: after } }, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && "status" in error && error.status === 409) return false;
    throw error;
  }
}

/** The list with or without our entry; all others stay as they are and where they are. */
export function identityProviders(
  before: readonly unknown[],
  { name, secretName }: Pick<IdentityProviderInputs, "name" | "secretName">,
  present: boolean,
): readonly unknown[] {
  const entry = { name, mappingMethod: "claim", type: "HTPasswd", htpasswd: { fileData: { name: secretName } } };
  const isOurs = (one: unknown): boolean => textAt(one, "name") === name;
  if (!present) return before.filter((one) => !isOurs(one));
  const same = before.find(isOurs);
  if (same === undefined) return [...before, entry];
  const unchanged = textAt(same, "type") === "HTPasswd" && textAt(same, "htpasswd", "fileData", "name") === secretName;
  return unchanged ? before : before.map((one) => (isOurs(one) ? entry : one));
}
