import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../setup/paths.ts";
import { startVcsim, type Vcsim, type VcsimOptions } from "../../tools/vcsim/index.ts";

/** Where `npm run setup:tests` puts programs. @throws Error if one of these is not there */
export function programsFolder(...names: readonly ("vcsim" | "govc" | "pulumi" | "pulumi-resource-vsphere")[]): string {
  const bin = join(cacheFolder(), "bin");
  for (const name of names) if (!existsSync(join(bin, name))) throw new Error(`there is no ${name}: run \`npm run setup:tests\``);
  return bin;
}

/**
 * A vCenter simulator of the test's own on a loopback port: `await using vcsim = await testVcsim()`. It ends with the test
 * process at the latest.
 */
export async function testVcsim(options: Omit<VcsimOptions, "bin"> = {}): Promise<Vcsim> {
  return await startVcsim({ bin: programsFolder("vcsim", "govc"), ...options });
}
