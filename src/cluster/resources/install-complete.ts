import type { Resource } from "../../pulumi/index.ts";
import { waitAsResource } from "./wait.ts";
import { WAIT_CHANGES, waitInputs, type WaitInputs, type WaitOutputs } from "./wait-inputs.ts";

const ID = "install-complete";

/** The milestone after which the cluster can be used. Machines that come later, or again, are waited for as well. */
export const installComplete: Resource<WaitInputs, WaitOutputs> = {
  inputs: waitInputs,
  changes: { ...WAIT_CHANGES, machines: "update", ids: "update" },
  secrets: ["kubeconfig"],
  deleteBeforeReplace: true,
  predict: ({ infraID }) => (infraID === undefined ? {} : { infraID }),
  create: async (inputs, context) => ({ id: ID, outputs: await waitAsResource(ID, inputs, context) }),
  read: (_id, state) => Promise.resolve(state),
  update: async (_id, old, inputs, context) => await waitAsResource(ID, inputs, context, old.outputs.joined),
  // A milestone leaves nothing behind.
  delete: () => Promise.resolve(),
};
