import { readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { OwnedObject, Platform, PlatformMetadata } from "../../../src/providers/index.ts";
import { MACHINE_TYPE, type MachineFile } from "./machine.ts";
import { own } from "./spec.ts";

/**
 * @plays a third platform
 * @contract the contract of `src/providers/platform.ts`, with files in the place of machines
 * @because that nothing outside of a platform's folders names one, and a whole installation in seconds
 * @real test/contract
 */

const folderOf = (metadata: PlatformMetadata): string => String(metadata["folder"]);

async function scan(infraID: string, metadata: PlatformMetadata): Promise<readonly OwnedObject[]> {
  const folder = folderOf(metadata);
  const files: readonly string[] = await readdir(folder).catch(() => []);
  const found: OwnedObject[] = [];
  for (const file of files.toSorted()) {
    const path = join(folder, file);
    const machine = JSON.parse(await readFile(path, "utf8")) as MachineFile;
    if (machine.infraID === infraID) found.push({ kind: "file", name: file, id: path });
  }
  return found;
}

/** What makes the fake platform's machines. */
export const fakePlatform: Platform = {
  name: "fake",
  plugins: [{ name: "fake", folder: resolve(import.meta.dirname, "plugin") }],
  kinds: { [MACHINE_TYPE]: "file" },
  refreshes: true,
  image: { format: "qcow2", isNeeded: () => false },
  preflight: ({ spec }) => Promise.resolve([{ id: "shelf", title: "Shelf", outcome: "ok" as const, found: own(spec).folder }]),
  program: async (input) => (await import("./program.ts")).program(input),
  metadata: (spec) => ({ platform: "fake", folder: own(spec).folder }),
  scan,
  remove: async (_infraID, { id }) => await rm(id, { force: true }),
  gather: () => Promise.resolve(new Map()),
  role: () => "true\n",
};
