import { waitForInstallComplete } from "../observe/install-complete.ts";
import type { Resource } from "../../pulumi/index.ts";
import { waitFor, type Wait } from "./wait.ts";
import { WAIT_CHANGES, waitInputs, type WaitInputs, type WaitOutputs } from "./wait-inputs.ts";

const WAIT: Wait = { id: "install-complete", subject: "the installation", timeoutError: "INSTALL_TIMEOUT", run: waitForInstallComplete };

/** The milestone after which the cluster can be used. Machines that come later, or again, are waited for as well. */
export const installComplete: Resource<WaitInputs, WaitOutputs> = {
  inputs: waitInputs,
  changes: { ...WAIT_CHANGES, machines: "update", ids: "update" },
  secrets: ["kubeconfig"],
  deleteBeforeReplace: true,
  foresee: ({ infraID }) => (infraID === undefined ? {} : { infraID }),
  create: async (inputs, context) => ({ id: WAIT.id, outputs: await waitFor(WAIT, inputs, context) }),
  read: (_id, state) => Promise.resolve(state),
  update: async (_id, old, inputs, context) => await waitFor(WAIT, inputs, context, old.outputs.joined),
  // A milestone leaves nothing behind.
  delete: () => Promise.resolve(),
};
