import { z } from "zod";
import type { Resource } from "../../pulumi/index.ts";
import { connect } from "./connect.ts";
import type { Govc } from "./govc.ts";
import { find, literal } from "./inventory.ts";
import { lastOf } from "./names.ts";

export const poweredOnInputs = z.strictObject({
  /** Inventory path of the folder that the machines are in. */
  folder: z.string().startsWith("/"),
  /** Names of the machines that shall run. */
  machines: z.array(z.string().min(1)),
});

export type PoweredOnInputs = z.infer<typeof poweredOnInputs>;

/**
 * Keeps machines running. The official provider turns a machine on when it makes it and never looks again, so one that somebody turned off
 * would stay off. One look serves all machines of a folder.
 */
export const poweredOn: Resource<PoweredOnInputs, PoweredOnInputs> = {
  inputs: poweredOnInputs,
  changes: { folder: "replace", machines: "update" },
  secrets: [],
  deleteBeforeReplace: false,
  refreshBeforeUpdate: true,
  predict: (inputs) => inputs,
  create: async (inputs, context) => {
    await start(connect(context), inputs, (machine) => context.progress.status(`turning ${machine} on`));
    return { id: inputs.folder, outputs: inputs };
  },
  read: async (id, state, context) => {
    const inputs = state?.inputs ?? { folder: id, machines: [] };
    const off = new Set((await machinesOff(connect(context), inputs)).map(lastOf));
    // Those that are off are missing among the inputs, so that an update is due.
    const running = { folder: inputs.folder, machines: inputs.machines.filter((name) => !off.has(name)) };
    return { id, inputs: running, outputs: running };
  },
  update: async (_id, _old, inputs, context) => {
    await start(connect(context), inputs, (machine) => context.progress.status(`turning ${machine} on`));
    return inputs;
  },
  // The machines themselves are others' to remove.
  delete: () => Promise.resolve(),
};

async function start(govc: Govc, inputs: PoweredOnInputs, report: (machine: string) => void): Promise<void> {
  for (const path of await machinesOff(govc, inputs)) {
    report(lastOf(path));
    await govc.text(["vm.power", "-on", literal(path)], { timeoutMs: 5 * 60_000 });
  }
}

/** Paths of those of the machines that are there and do not run. */
async function machinesOff(govc: Govc, { folder, machines }: PoweredOnInputs): Promise<readonly string[]> {
  const names = new Set(machines);
  const found: string[] = [];
  for (const state of ["poweredOff", "suspended"]) found.push(...(await find(govc, folder, ["-type", "m", "-runtime.powerState", state])));
  return found.filter((path) => names.has(lastOf(path)));
}
