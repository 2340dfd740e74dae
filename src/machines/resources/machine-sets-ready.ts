import { z } from "zod";
import { InstallerError } from "../../errors/index.ts";
import { connectKube, watch } from "../../kube/index.ts";
import { InitializationFailed, type Resource, type ResourceContext, waitLimit } from "../../pulumi/index.ts";
import { machineSetsReady } from "../observe/machine-sets.ts";

const ID = "machine-sets-ready";
const INTERVAL_MS = 3_000;

export const machineSetsInputs = z.strictObject({
  infraID: z.string().min(1),
  /** Secret. Text of the admin kubeconfig. */
  kubeconfig: z.string().min(1),
  /** Names of the MachineSets. */
  names: z.array(z.string().min(1)),
  timeoutSeconds: z.number().positive(),
});
export type MachineSetsInputs = z.infer<typeof machineSetsInputs>;

interface Outputs {
  readonly infraID: string;
  readonly ready: boolean;
}

/** Waits until the machines of MachineSets are Ready nodes. A milestone: it leaves nothing behind. */
export const machineSetsReadyResource: Resource<MachineSetsInputs, Outputs> = {
  inputs: machineSetsInputs,
  changes: { infraID: "replace", kubeconfig: "ignore", names: "update", timeoutSeconds: "ignore" },
  secrets: ["kubeconfig"],
  deleteBeforeReplace: true,
  predict: ({ infraID }) => (infraID === undefined ? {} : { infraID }),
  create: async (inputs, context) => ({ id: ID, outputs: await reach(inputs, context) }),
  read: (_id, state) => Promise.resolve(state),
  update: async (_id, _old, inputs, context) => await reach(inputs, context),
  delete: () => Promise.resolve(),
};

async function reach(inputs: MachineSetsInputs, context: ResourceContext): Promise<Outputs> {
  const timeoutMs = waitLimit(inputs.timeoutSeconds * 1_000, context);
  const result = await watch(machineSetsReady(inputs.names, context.clock), {
    connect: () => connectKube({ kubeconfig: inputs.kubeconfig }),
    intervalMs: INTERVAL_MS,
    timeoutMs,
    signal: context.signal,
    clock: context.clock,
    onWait: (reason) => context.progress.status(`waiting for machines: ${reason}`),
  });
  if (result.outcome === "done") return { infraID: inputs.infraID, ready: true };
  const error = new InstallerError(
    "MACHINES_NOT_READY",
    `the machines of MachineSets were not ready within ${Math.round(timeoutMs / 1_000)} s; last cause: ${result.reason}`,
  );
  throw new InitializationFailed(ID, { infraID: inputs.infraID, ready: false }, error);
}
