import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { goModuleFolder, goPart } from "../../setup/go-build.ts";
import type { FilePart, PartContext } from "../../setup/part.ts";

const MODULE = "kubevirt.io/containerized-data-importer";
const FOLDER = "tools/go/cdi";
const VERSION = "v1.64.0";
const NAMESPACE = "cdi";
/** What runs on the control plane; cdi-importer and cdi-uploadserver need libnbd's Go module, which is not available. */
const OPERATORS: readonly string[] = ["cdi-operator", "cdi-controller", "cdi-apiserver", "cdi-uploadproxy"];
/** Flags of the generator that name an image, and the image. */
const IMAGES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["operator", "controller", "importer", "cloner", "apiserver", "uploadproxy", "uploadserver"].map((name) => [name, `cdi-${name}`]),
  ),
  "ovirt-populator": "cdi-importer",
};
const GENERATOR = "manifest-generator";
/** What a release's own file is made of, in the module. */
const TEMPLATE = "manifests/templates/release/cdi-operator.yaml.in";

const program = goPart({
  id: "cdi",
  version: VERSION,
  folder: FOLDER,
  packages: {
    ...Object.fromEntries(OPERATORS.map((name) => [name, `${MODULE}/cmd/${name}`])),
    [GENERATOR]: `${MODULE}/tools/${GENERATOR}`,
  },
  seconds: 160,
  // One that somebody else installed would come without the manifest.
  programs: [],
});

/**
 * CDI's own operator, controller, API server and proxy for uploads, which are published as images only, and the manifest with which the release is
 * installed: all in a folder `cdi-VERSION`.
 */
export const cdi: FilePart = {
  ...program,
  recipe: { program: program.recipe, template: TEMPLATE, images: IMAGES },
  build: async (context, into) => {
    const to = join(into, `cdi-${VERSION}`);
    await mkdir(to);
    await program.build(context, to);
    await writeFile(join(to, "cdi-operator.yaml"), await operatorManifest(context, to));
  },
};

/** `cdi-operator.yaml` of a release: CDI's template, filled by its own generator. */
async function operatorManifest(context: PartContext, folder: string): Promise<string> {
  const generate = async (...args: readonly string[]): Promise<string> =>
    (await context.run(join(folder, GENERATOR), [...args, `-namespace=${NAMESPACE}`], { signal: context.signal })).stdout;
  const parts = join(folder, "parts");
  try {
    await mkdir(parts);
    const everything = await generate(
      ...["-resource-type=operator", "-resource-group=everything", "-deploy-cluster-resources=true", "-pull-policy=IfNotPresent"],
      `-operator-version=${VERSION}`,
      ...Object.entries(IMAGES).map(([flag, name]) => `-${flag}-image=quay.io/kubevirt/${name}:${VERSION}`),
    );
    await writeFile(join(parts, "operator-everything.yaml.in"), everything);
    return await generate(`-template=${join(await goModuleFolder(context, FOLDER, MODULE), TEMPLATE)}`, `-generated-manifests-path=${parts}`);
  } finally {
    await rm(parts, { recursive: true, force: true });
  }
}
