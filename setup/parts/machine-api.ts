import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { goModuleFolder, goPart } from "../go-build.ts";
import type { FilePart, PartContext } from "../part.ts";
import { checkVersions } from "../programs.ts";

const VERSION = "1.0.0";
const NAME = "machine-api-controllers";
const FOLDER = "plugins/machine-api";
const PROGRAMS = [{ name: NAME, versionArgs: ["-version"] }];

/** Where the definitions of the objects are, beside the program. */
const CRDS_FOLDER = "machine-api-crds";

const OPERATOR = "github.com/openshift/machine-api-operator";
const API = "github.com/openshift/api";
const CLUSTER_API = "sigs.k8s.io/cluster-api";

/** Definitions by the names they get: module, and file in it. None of their text is in this repository. */
const CRDS: Readonly<Record<string, readonly [module: string, file: string]>> = {
  "machines.machine.openshift.io": [OPERATOR, "install/0000_30_machine-api-operator_02_machine.Default.crd.yaml"],
  "machinesets.machine.openshift.io": [OPERATOR, "install/0000_30_machine-api-operator_03_machineset.Default.crd.yaml"],
  "machinehealthchecks.machine.openshift.io": [OPERATOR, "install/0000_30_machine-api-operator_07_machinehealthcheck.crd.yaml"],
  "controlplanemachinesets.machine.openshift.io": [
    API,
    "machine/v1/zz_generated.crd-manifests/0000_10_control-plane-machine-set_01_controlplanemachinesets-Default.crd.yaml",
  ],
  "infrastructures.config.openshift.io": [API, "config/v1/zz_generated.crd-manifests/0000_10_config-operator_01_infrastructures-Default.crd.yaml"],
  // The vSphere controller looks for claims at each deletion, which does not end without these.
  "ipaddressclaims.ipam.cluster.x-k8s.io": [CLUSTER_API, "config/crd/bases/ipam.cluster.x-k8s.io_ipaddressclaims.yaml"],
  "ipaddresses.ipam.cluster.x-k8s.io": [CLUSTER_API, "config/crd/bases/ipam.cluster.x-k8s.io_ipaddresses.yaml"],
};

const program = goPart({
  id: "machine-api",
  version: VERSION,
  folder: FOLDER,
  sources: [
    ...["actuator.go", "errors.go", "patch.go", "pauses.go", "protocol.go"].map((name) => `actuator/${name}`),
    ...["gates.go", "log.go", "main.go", "manager.go", "options.go", "platform.go", "secrets.go", "status.go"],
  ],
  packages: { [NAME]: "." },
  seconds: 130,
  // One that somebody else installed would come without the definitions.
  programs: [],
});

/** The controllers of the Machine API, and the definitions of its objects: for clusters that create their machines themselves. */
export const machineApi: FilePart = {
  ...program,
  recipe: { program: program.recipe, crds: CRDS },
  build: async (context, into) => {
    await program.build(context, into);
    await copyDefinitions(context, join(into, CRDS_FOLDER));
  },
  check: (context, folder) => checkVersions(context, PROGRAMS, folder, VERSION),
};

async function copyDefinitions(context: PartContext, to: string): Promise<void> {
  await mkdir(to);
  const folders = new Map<string, string>();
  for (const [name, [module, file]] of Object.entries(CRDS)) {
    const folder = folders.get(module) ?? (await goModuleFolder(context, FOLDER, module));
    folders.set(module, folder);
    await copyFile(join(folder, file), join(to, `${name}.yaml`));
  }
}
