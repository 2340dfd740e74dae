import { mkdir, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { VSPHERE_VERSION } from "../../src/providers/vsphere/sdk/index.ts";
import { goBuild } from "../setup/go-build.ts";
import type { Part, PartContext } from "../setup/part.ts";
import { goArch } from "../setup/platform.ts";
import { checkVersions, locatePrograms } from "../setup/programs.ts";

const NAME = "pulumi-resource-vsphere";
const FOLDER = "tools/vsphere-plugin";
const RELEASE = `https://github.com/pulumi/pulumi-vsphere/releases/download/v${VSPHERE_VERSION}`;
/** Stands in for the official version, and tells what it is: semver compares no build metadata. */
const BRIDGED = `${VSPHERE_VERSION}+terraform.1.26.0`;
const LDFLAGS = `-s -w -X virt-ipi/tools/vsphere-plugin/bridge.Version=${BRIDGED}`;
const PROGRAMS = [{ name: NAME, versionArgs: ["-version"] }];

/** Pulumi's provider for vSphere: the official one, else the Terraform provider inside it, bridged here. */
export const vspherePlugin: Part = {
  kind: "files",
  id: "vsphere-plugin",
  version: VSPHERE_VERSION,
  needs: [],
  buildNeeds: ["go"],
  inputs: [FOLDER],
  recipe: { ldflags: LDFLAGS },
  expose: "bin",
  downloads: [
    {
      url: `${RELEASE}/${NAME}-v${VSPHERE_VERSION}-${process.platform}-${goArch()}.tar.gz`,
      sums: `${RELEASE}/pulumi-vsphere_${VSPHERE_VERSION}_checksums.txt`,
      members: { [NAME]: NAME },
    },
  ],
  locate: (context) => locatePrograms(withPulumiHome(context), PROGRAMS, VSPHERE_VERSION),
  build: async (context, into) => {
    const work = `${into}.schema`;
    await mkdir(work, { recursive: true });
    try {
      const generator = join(work, "schema");
      await goBuild(context, { folder: FOLDER, packages: ["./schema"], ldflags: LDFLAGS, to: generator });
      context.log("describing the resources …");
      // The generator wants a log-in of Pulumi for nothing but its own telemetry; a home of its own keeps it off the user's.
      await context.run(generator, ["schema", "--skip-docs", "--skip-examples", "--out", work], {
        cwd: work,
        env: { PULUMI_HOME: work, PULUMI_SKIP_UPDATE_CHECK: "true" },
        signal: context.signal,
      });
      const overlay = join(work, "overlay.json");
      const replaced = join(context.root, FOLDER, "plugin/schema.json");
      await writeFile(overlay, JSON.stringify({ Replace: { [replaced]: join(work, "schema.json") } }));
      await goBuild(context, { folder: FOLDER, packages: ["./plugin"], ldflags: LDFLAGS, to: join(into, NAME), overlay });
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  },
  check: (context, folder) => checkVersions(context, PROGRAMS, folder, VSPHERE_VERSION),
};

/** `pulumi plugin install` puts it where PATH does not look; `bin/plugin/pulumi-resource-vsphere` does. */
function withPulumiHome(context: PartContext): PartContext {
  const home = context.env["PULUMI_HOME"] ?? join(context.env["HOME"] ?? "/", ".pulumi");
  const folder = join(home, "plugins", `resource-vsphere-v${VSPHERE_VERSION}`);
  return { ...context, env: { ...context.env, PATH: [folder, context.env["PATH"] ?? ""].join(delimiter) } };
}
