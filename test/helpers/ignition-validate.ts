import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../src/exec/index.ts";

/** Ignition's own validator: on PATH, where `npm test` has the set-up's programs, or in VIRT_IPI_BIN. */
const VALIDATOR = process.env["VIRT_IPI_BIN"] === undefined ? "ignition-validate" : join(process.env["VIRT_IPI_BIN"], "ignition-validate");

export interface Verdict {
  readonly exitCode: number;
  readonly said: string;
}

/** The verdict on a config that has no fault. */
export const VALID: Verdict = { exitCode: 0, said: "" };

/** What Ignition's own validator says of a config. @param text the config as JSON */
export async function validateIgnition(text: string): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), "ignition-"));
  try {
    const path = join(folder, "config.ign");
    await writeFile(path, text, { mode: 0o600 });
    const { exitCode, stdout, stderr } = await run(VALIDATOR, [path], { accept: [1, 2] });
    return { exitCode, said: stdout + stderr };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
