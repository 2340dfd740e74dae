import { join } from "node:path";
import { copyFromModules, goPart, type ModuleFiles } from "../../setup/go-build.ts";
import type { FilePart } from "../../setup/part.ts";
import { checkVersions } from "../../setup/programs.ts";

const VERSION = "1.0.0";
const NAME = "control-plane-machine-set-operator";
const FOLDER = "tools/control-plane-machine-set";
const API = "github.com/openshift/api";

/** What the operator reads and writes besides what set-up's part `machine-api` brings. */
const CRDS: ModuleFiles = {
  "clusteroperators.config.openshift.io": [API, "config/v1/zz_generated.crd-manifests/0000_00_cluster-version-operator_01_clusteroperators.crd.yaml"],
};

const program = goPart({
  id: "control-plane-machine-set",
  version: VERSION,
  folder: FOLDER,
  sources: ["main.go"],
  packages: { [NAME]: "." },
  seconds: 30,
  buildsAfter: ["machine-api"],
  programs: [],
});

/** The operator that replaces outdated Machines of a control plane: a module of its own, since it needs an older openshift/api. */
export const controlPlaneMachineSet: FilePart = {
  ...program,
  recipe: { program: program.recipe, crds: CRDS },
  build: async (context, into) => {
    await program.build(context, into);
    await copyFromModules(context, FOLDER, CRDS, join(into, "control-plane-machine-set-crds"));
  },
  check: (context, folder) => checkVersions(context, [{ name: NAME, versionArgs: ["-version"] }], folder, VERSION),
};
