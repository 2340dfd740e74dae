import { copyFile, mkdir, readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { goModuleFolder, goPart } from "../../setup/go-build.ts";
import type { FilePart } from "../../setup/part.ts";

const MODULE = "github.com/kubevirt/cluster-network-addons-operator";
const FOLDER = "tools/go/network-addons";
const VERSION = "v0.97.0";
/** Of the module: what its image holds beside the program, and the files of the release. */
const [DATA, MANIFESTS] = ["data", `manifests/cluster-network-addons/${VERSION.slice(1)}`];
const RELEASE = ["namespace.yaml", "network-addons-config.crd.yaml", "operator.yaml"];

const program = goPart({
  id: "network-addons",
  version: VERSION,
  folder: FOLDER,
  packages: { "cluster-network-addons-operator": `${MODULE}/cmd/manager` },
  seconds: 80,
  // One that somebody else installed would come without what it deploys.
  programs: [],
});

/** The operator of network addons, which is published as an image only, and the files with which the release is installed: in `network-addons-VERSION`. */
export const networkAddons: FilePart = {
  ...program,
  recipe: { program: program.recipe, files: [DATA, MANIFESTS, ...RELEASE] },
  build: async (context, into) => {
    const to = join(into, `network-addons-${VERSION}`);
    await mkdir(to);
    await program.build(context, to);
    const module = await goModuleFolder(context, FOLDER, MODULE);
    for (const name of RELEASE) await copyFile(join(module, MANIFESTS, name), join(to, name));
    for (const file of await readdir(join(module, DATA), { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const place = join(to, relative(module, file.parentPath), file.name);
      await mkdir(dirname(place), { recursive: true });
      await copyFile(join(file.parentPath, file.name), place);
    }
  },
};
