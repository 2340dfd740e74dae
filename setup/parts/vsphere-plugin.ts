import { delimiter, join } from "node:path";
import { VSPHERE_VERSION } from "../../src/providers/vsphere/sdk/index.ts";
import { goBuild, goPart, type Prepared } from "../go-build.ts";
import type { FilePart, PartContext } from "../part.ts";
import { locatePrograms } from "../programs.ts";
import { pluginDownload, pulumiPluginFolder } from "./official-plugin.ts";

const NAME = "pulumi-resource-vsphere";
const FOLDER = "plugins/vsphere";
/** Stands in for the official version, and says what it is: semver compares no build metadata. */
const BRIDGED = `-X virt-ipi/plugins/vsphere/bridge.Version=${VSPHERE_VERSION}+terraform.1.26.0`;
const PROGRAMS = [{ name: NAME, versionArgs: ["-version"] }];

/** Pulumi's provider for vSphere: the official one, else the Terraform provider inside it, bridged here. */
export const vspherePlugin: FilePart = {
  ...goPart({
    id: "vsphere-plugin",
    version: VSPHERE_VERSION,
    folder: FOLDER,
    sources: ["bridge", "plugin", "schema"],
    packages: { [NAME]: "./plugin" },
    ldflags: [BRIDGED],
    seconds: 196,
    programs: PROGRAMS,
    prepare,
    downloads: [pluginDownload("vsphere", VSPHERE_VERSION)],
  }),
  locate: (context) => locatePrograms(withPulumiHome(context), PROGRAMS, VSPHERE_VERSION),
};

/** The package's schema, which the plugin embeds, by the generator beside it. */
async function prepare(context: PartContext, work: string): Promise<Prepared> {
  const generator = join(work, "schema");
  await goBuild(context, { folder: FOLDER, packages: ["./schema"], ldflags: `-s -w ${BRIDGED}`, to: generator });
  context.log("describing the resources …");
  // The generator wants a log-in of Pulumi for nothing but its own telemetry; a home of its own keeps it off the user's.
  await context.run(generator, ["schema", "--skip-docs", "--skip-examples", "--out", work], {
    cwd: work,
    env: { PULUMI_HOME: work, PULUMI_SKIP_UPDATE_CHECK: "true" },
    signal: context.signal,
  });
  return { embed: { "plugin/schema.json": join(work, "schema.json") } };
}

/** `pulumi plugin install` puts it where PATH does not look; `bin/plugin/pulumi-resource-vsphere` does. */
function withPulumiHome(context: PartContext): PartContext {
  const folder = pulumiPluginFolder(context.env, "vsphere", VSPHERE_VERSION);
  return { ...context, env: { ...context.env, PATH: [folder, context.env["PATH"] ?? ""].join(delimiter) } };
}
