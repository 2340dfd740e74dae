import { join } from "node:path";
import { parse, stringify } from "yaml";
import { InstallerError } from "../errors/index.ts";
import { callerOf, closeFolder, guardFolder, projectSettings } from "../stack/index.ts";
import { isRecord, readTextIfExists, writeFileAtomic } from "../util/index.ts";
import type { World } from "./context.ts";

/** A folder in which plain `pulumi` works. */
export interface PulumiProject {
  readonly folder: string;
  /** Path of Pulumi.yaml. */
  readonly file: string;
}

/**
 * Writes Pulumi.yaml into the cluster folder, which points to this program and its plugins; one that an older version of the program wrote is
 * written again.
 * @throws InstallerError FILE_EXISTS for a Pulumi.yaml of another project
 */
export async function init({ folder, env }: Pick<World, "folder" | "env">): Promise<PulumiProject> {
  const settings = projectSettings();
  const file = join(folder.root, "Pulumi.yaml");
  const before = await readTextIfExists(file);
  if (before !== undefined && nameIn(before) !== settings.name)
    throw new InstallerError("FILE_EXISTS", `${file} is of another project`, { value: file, advice: "Choose another folder with --dir." });
  await guardFolder(folder, callerOf(env));
  await closeFolder(folder);
  await writeFileAtomic(file, `# Written by \`virt-ipi init\`: plain pulumi runs the program that is installed there.\n${stringify(settings)}`);
  return { folder: folder.root, file };
}

function nameIn(text: string): unknown {
  try {
    const settings: unknown = parse(text, { logLevel: "error" });
    return isRecord(settings) ? settings["name"] : undefined;
  } catch {
    return undefined;
  }
}
