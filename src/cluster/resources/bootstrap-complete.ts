import { rm } from "node:fs/promises";
import { writeFileAtomic } from "../../util/index.ts";
import type { Resource, ResourceContext } from "../../pulumi/index.ts";
import { waitAsResource } from "./wait.ts";
import { bootstrapCompleteInputs, WAIT_CHANGES, type BootstrapCompleteInputs, type WaitOutputs } from "./wait-inputs.ts";

const ID = "bootstrap-complete";

/**
 * The milestone after which the control plane lives without the bootstrap machine. It happens once: no change of the inputs asks
 * for it again. Its marker file makes the next run of the program leave the bootstrap machine out.
 */
export const bootstrapComplete: Resource<BootstrapCompleteInputs, WaitOutputs> = {
  inputs: bootstrapCompleteInputs,
  changes: { ...WAIT_CHANGES, markerPath: "ignore" },
  secrets: ["kubeconfig"],
  deleteBeforeReplace: true,
  predict: ({ infraID }) => (infraID === undefined ? {} : { infraID }),
  create: async (inputs, context) => ({ id: ID, outputs: await reach(inputs, context) }),
  read: (_id, state) => Promise.resolve(state),
  update: async (_id, old, inputs, context) => (old.outputs.complete ? old.outputs : await reach(inputs, context)),
  delete: async (_id, { inputs }) => await rm(inputs.markerPath, { force: true }),
};

async function reach(inputs: BootstrapCompleteInputs, context: ResourceContext): Promise<WaitOutputs> {
  const outputs = await waitAsResource(ID, inputs, context);
  await writeFileAtomic(inputs.markerPath, `${JSON.stringify({ infraID: inputs.infraID, completedAt: context.clock.now().toISOString() })}\n`);
  return outputs;
}
