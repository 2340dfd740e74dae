import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { InstallerError } from "../../src/errors/index.ts";
import type { Download, Located, PartContext } from "../part.ts";
import { goArch } from "../platform.ts";

/** What Pulumi publishes of a provider: an archive for each platform, and a list of their sums. */
export function pluginDownload(name: string, version: string): Download {
  const release = `https://github.com/pulumi/pulumi-${name}/releases/download/v${version}`;
  const program = `pulumi-resource-${name}`;
  return {
    url: `${release}/${program}-v${version}-${process.platform}-${goArch()}.tar.gz`,
    sums: `${release}/pulumi-${name}_${version}_checksums.txt`,
    members: { [program]: program },
  };
}

/** The folder into which `pulumi plugin install` puts it; `bin/plugin` looks there too. */
export function pulumiPluginFolder(env: PartContext["env"], name: string, version: string): string {
  return join(env["PULUMI_HOME"] ?? join(env["HOME"] ?? "/", ".pulumi"), "plugins", `resource-${name}-v${version}`);
}

/** The one that Pulumi has installed. */
export async function locatePlugin(context: PartContext, name: string, version: string): Promise<Located | undefined> {
  const program = `pulumi-resource-${name}`;
  const path = join(pulumiPluginFolder(context.env, name, version), program);
  if (!existsSync(path)) return undefined;
  return { version, path, programs: { [program]: path }, size: (await stat(path)).size };
}

/** @throws InstallerError SETUP_BUILD_FAILED if the plugin does not run: with two arguments it looks for an engine, and says that there is none */
export async function checkPlugin(context: PartContext, path: string): Promise<void> {
  const { stdout, stderr } = await context.run(path, ["no", "engine"], { accept: [0, 1, 255], timeoutMs: 60_000, signal: context.signal });
  if (!`${stdout}${stderr}`.includes("could not connect to host RPC"))
    throw new InstallerError("SETUP_BUILD_FAILED", "the plugin does not run", { value: path });
}
