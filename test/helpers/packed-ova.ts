import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../src/exec/index.ts";
import { makeOva, type OvaOptions } from "../../setup/node-image/ova.ts";

/** A small OVA whose disk holds noise, so that it does not compress away. @returns its path */
export async function packedOva(
  folder: string,
  name: string,
  options: { megabytes?: number; machine?: OvaOptions["machine"] } = {},
): Promise<string> {
  const image = join(folder, `${name}.raw`);
  await writeFile(image, randomBytes((options.megabytes ?? 1) * 2 ** 20));
  const to = join(folder, `${name}.ova`);
  await makeOva({ run, image, to, ...(options.machine === undefined ? {} : { machine: options.machine }) });
  await rm(image);
  return to;
}
