import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { goModuleFolder, goPart, type Prepared } from "../go-build.ts";
import type { FilePart, PartContext } from "../part.ts";
import { checkPlugin, locatePlugin, pluginDownload } from "./official-plugin.ts";

const NAME = "pulumi-resource-kubernetes";
/** That of @pulumi/kubernetes in package.json: its classes ask for it. */
const VERSION = "4.34.2";
const FOLDER = "plugins/kubernetes";
const MODULE = "github.com/pulumi/pulumi-kubernetes/provider/v4";
const SDK = "github.com/pulumi/pulumi-kubernetes/sdk/v4";
const SDK_PACKAGES = [".", "utilities", "apiextensions", "meta/v1", "helm/v4", "yaml/v2"];

/** Pulumi's kubernetes plugin, with which a program makes objects in the cluster; built from its own module where it cannot be downloaded. */
export const kubernetesPlugin: FilePart = {
  ...goPart({
    id: "kubernetes-plugin",
    version: VERSION,
    folder: FOLDER,
    sources: ["main.go"],
    packages: { [NAME]: "." },
    ldflags: [`-X ${MODULE}/pkg/version.Version=${VERSION}`],
    seconds: 200,
    programs: [],
    prepare,
    downloads: [pluginDownload("kubernetes", VERSION)],
  }),
  locate: (context) => locatePlugin(context, "kubernetes", VERSION),
  check: (context, folder) => checkPlugin(context, join(folder, NAME)),
};

async function prepare(context: PartContext, work: string): Promise<Prepared> {
  return { embed: await schemas(context, work), replace: { [SDK]: await shortSdk(context, join(work, "sdk")) } };
}

/** What the plugin's main embeds, as the module's own generate.go writes it; Go does not run that of a module which is only required. */
async function schemas(context: PartContext, work: string): Promise<Readonly<Record<string, string>>> {
  const sources = join(await goModuleFolder(context, FOLDER, MODULE), "cmd", NAME);
  const read = async (name: string): Promise<object> => JSON.parse(await readFile(join(sources, name), "utf8")) as object;
  const write = async (name: string, content: object): Promise<string> => {
    const path = join(work, name);
    await writeFile(path, JSON.stringify(content));
    return path;
  };
  return {
    "schema.json": await write("schema.json", { ...(await read("schema.json")), version: VERSION }),
    "terraform-mapping.json": await write("terraform-mapping.json", await read("terraform-mapping.json")),
  };
}

/**
 * Pulumi's Go SDK of Kubernetes without its classes: two thirds of the build are types of kinds that nothing reads. The plugin's YAML components
 * register objects by their tokens, which stay, with an instance of the kind's class; that of a custom resource does as well.
 * @returns the folder
 */
async function shortSdk(context: PartContext, to: string): Promise<string> {
  const from = await goModuleFolder(context, FOLDER, SDK);
  await mkdir(to, { recursive: true });
  await writeFile(join(to, "go.mod"), await readFile(join(from, "go.mod")));
  for (const folder of SDK_PACKAGES.map((name) => join("go/kubernetes", name))) {
    await mkdir(join(to, folder), { recursive: true });
    for (const name of (await readdir(join(from, folder))).filter((each) => each.endsWith(".go"))) {
      const text = await readFile(join(from, folder, name), "utf8");
      await writeFile(join(to, folder, name), name === "kinds.go" ? withoutClasses(text) : text);
    }
  }
  return to;
}

const withoutClasses = (text: string): string =>
  text
    .replaceAll(/^\t\w+ "github\.com\/pulumi\/pulumi-kubernetes\/sdk\/v4\/.*"\n/gm, "")
    .replaceAll(/\bvar res \w+\.\w+/g, "var res apiextensions.CustomResource");
