import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { Resource } from "../../../src/pulumi/index.ts";

const inputs = z.strictObject({
  path: z.string(),
  infraID: z.string(),
  mac: z.string(),
  memoryMB: z.number(),
  shelf: z.string(),
  ignition: z.string(),
});
export type MachineInputs = z.infer<typeof inputs>;

/** What lies in a machine's file. */
export type MachineFile = Omit<MachineInputs, "path">;

function write({ path, ...file }: MachineInputs): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(file));
}

/** A machine as a file. */
export const fakeMachine: Resource<MachineInputs, { readonly address: string }> = {
  inputs,
  changes: { path: "replace", infraID: "replace", mac: "replace", memoryMB: "update", shelf: "update", ignition: "replace" },
  secrets: ["ignition"],
  deleteBeforeReplace: true,
  predict: () => ({}),
  create: (given) => {
    write(given);
    return Promise.resolve({ id: given.path, outputs: { address: "10.77.0.9" } });
  },
  read: (path, state) => {
    if (!existsSync(path)) return Promise.resolve(undefined);
    const found = { path, ...(JSON.parse(readFileSync(path, "utf8")) as MachineFile) };
    return Promise.resolve({ inputs: found, outputs: state?.outputs ?? { address: "" } });
  },
  update: (_path, old, given) => {
    write(given);
    return Promise.resolve(old.outputs);
  },
  delete: (path) => {
    rmSync(path, { force: true });
    return Promise.resolve();
  },
};

export const MACHINE_TYPE = "fake:index:Machine";
