import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { InstallerError } from "../../src/errors/index.ts";
import { goBuild, goModuleFolder, runGo } from "../../setup/go-build.ts";
import type { FilePart, PartContext } from "../../setup/part.ts";
import { checkVersions } from "../../setup/programs.ts";

const FOLDER = "tools/openshift-api";
const API = "github.com/openshift/api";
const CLUSTER_API = "sigs.k8s.io/cluster-api";
const DECODER = "decode-openshift";

interface Pins {
  /** Names openshift/api in the version that OpenShift's installer of this release uses, and its checksums. */
  readonly modfile: string;
  /** The Cluster API that the release has. */
  readonly clusterApi: { readonly version: string; readonly sum: string };
}

/** By version of OpenShift: those that trees of assets are kept of. */
const VERSIONS: Readonly<Record<string, Pins>> = {
  "4.19": { modfile: "4.19.mod", clusterApi: { version: "v1.9.5", sum: "h1:68164Q201Y5ANVkhyrOZenoMbfL2SEBjVYZs/ihhSro=" } },
  "4.21": { modfile: "4.21.mod", clusterApi: { version: "v1.11.2", sum: "h1:uAczaBavU5Y6aDgyoXWtq28k1kalpSZnVItwXHusw1c=" } },
  "5.0": { modfile: "go.mod", clusterApi: { version: "v1.13.4", sum: "h1:27PPEKSqESKeUIf475Ga6hSW1+gKxd5V5sCmMDgeBDo=" } },
};

/** Definitions of the objects that assets hold, of every feature set, by their files' names. */
const DEFINITIONS =
  /_(?:proxies|dnses|infrastructures|ingresses|networks|schedulers|clusterversions|featuregates|imagedigestmirrorsets|imagecontentsourcepolicies|pkis|osimagestreams|machineconfigs|machineconfigurations|machines|machinesets|controlplanemachinesets)(?:-[A-Za-z]+)*\.crd\.yaml$/;
const ADDRESSES = /^ipam\.cluster\.x-k8s\.io_(?:ipaddressclaims|ipaddresses)\.yaml$/;

/**
 * Definitions of OpenShift's objects, by version of OpenShift, and for each version a program that decodes with its Go types what the definitions
 * leave open: for tests of the assets.
 */
export const openshiftApi: FilePart = {
  kind: "files",
  id: "openshift-api",
  version: Object.keys(VERSIONS).join("+"),
  needs: [],
  buildNeeds: ["go"],
  inputs: [...Object.values(VERSIONS).flatMap(({ modfile }) => [modfile, sumFile(modfile)]), "main.go"].map((file) => `${FOLDER}/${file}`),
  recipe: { versions: VERSIONS, definitions: [DEFINITIONS.source, ADDRESSES.source] },
  expose: "bin",
  seconds: 60,
  build: async (context, into) => {
    for (const [version, pins] of Object.entries(VERSIONS)) await oneVersion(context, pins, version, join(into, "openshift-api", version));
  },
  check: async (context, folder) => {
    for (const version of Object.keys(VERSIONS))
      await checkVersions(context, [{ name: DECODER, versionArgs: ["-version"] }], join(folder, "openshift-api", version), version);
  },
};

function sumFile(modfile: string): string {
  return modfile.replace(/\.mod$/, ".sum");
}

async function oneVersion(context: PartContext, { modfile, clusterApi }: Pins, version: string, into: string): Promise<void> {
  const definitions = join(into, "crds");
  await mkdir(definitions, { recursive: true });
  const api = await goModuleFolder(context, FOLDER, API, modfile);
  for (const group of await readdir(api, { withFileTypes: true })) if (group.isDirectory()) await copyDefinitions(join(api, group.name), definitions);
  const ipam = join(await pinnedModuleFolder(context, CLUSTER_API, clusterApi), "config/crd/bases");
  for (const name of await readdir(ipam)) if (ADDRESSES.test(name)) await copyFile(join(ipam, name), join(definitions, name));
  await goBuild(context, {
    folder: FOLDER,
    packages: ["."],
    ldflags: `-s -w -X main.version=${version}`,
    to: join(into, DECODER),
    modfile,
  });
}

/** Those of all versions of a group of the API. */
async function copyDefinitions(group: string, to: string): Promise<void> {
  for (const version of await readdir(group)) {
    const folder = join(group, version, "zz_generated.crd-manifests");
    const names = await readdir(folder).catch(() => []);
    for (const name of names) if (DEFINITIONS.test(name)) await copyFile(join(folder, name), join(to, `${version}_${name}`));
  }
}

/** The folder of a module that no program here is made of: only its definitions are used. */
async function pinnedModuleFolder(context: PartContext, module: string, { version, sum }: Pins["clusterApi"]): Promise<string> {
  const output = await runGo(context, FOLDER, ["mod", "download", "-json", `${module}@${version}`], module);
  const found = JSON.parse(output) as { readonly Dir: string; readonly Sum: string };
  if (found.Sum !== sum)
    throw new InstallerError("SETUP_BUILD_FAILED", `${module} ${version} has checksum ${found.Sum}, not ${sum}`, { value: module });
  return found.Dir;
}
