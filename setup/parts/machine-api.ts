import { join } from "node:path";
import { copyFromModules, goPart, type ModuleFiles } from "../go-build.ts";
import type { FilePart } from "../part.ts";
import { checkVersions } from "../programs.ts";

const VERSION = "1.0.0";
const NAME = "machine-api-controllers";
const FOLDER = "plugins/machine-api";
const PROGRAMS = [{ name: NAME, versionArgs: ["-version"] }];

/** Where the definitions of the objects are, beside the program. */
const CRDS_FOLDER = "machine-api-crds";

const OPERATOR = "github.com/openshift/machine-api-operator";
const API = "github.com/openshift/api";
const AUTOSCALER = "github.com/openshift/cluster-autoscaler-operator";
const CLUSTER_API = "sigs.k8s.io/cluster-api";

/** Where permissions are that a program in the cluster needs. */
const ACCESS_FOLDER = "machine-api-access";
const ACCESS: ModuleFiles = { autoscaler: [AUTOSCALER, "install/03_rbac.yaml"] };

/** Definitions by the names they get: module, and file in it. None of their text is in this repository. */
const CRDS: ModuleFiles = {
  "machines.machine.openshift.io": [OPERATOR, "install/0000_30_machine-api-operator_02_machine.Default.crd.yaml"],
  "machinesets.machine.openshift.io": [OPERATOR, "install/0000_30_machine-api-operator_03_machineset.Default.crd.yaml"],
  "machinehealthchecks.machine.openshift.io": [OPERATOR, "install/0000_30_machine-api-operator_07_machinehealthcheck.crd.yaml"],
  "controlplanemachinesets.machine.openshift.io": [
    API,
    "machine/v1/zz_generated.crd-manifests/0000_10_control-plane-machine-set_01_controlplanemachinesets-Default.crd.yaml",
  ],
  "infrastructures.config.openshift.io": [API, "config/v1/zz_generated.crd-manifests/0000_10_config-operator_01_infrastructures-Default.crd.yaml"],
  "machineautoscalers.autoscaling.openshift.io": [AUTOSCALER, "install/02_machineautoscaler.crd.yaml"],
  "clusterautoscalers.autoscaling.openshift.io": [AUTOSCALER, "install/01_clusterautoscaler.crd.yaml"],
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
    ...["autoscaler.go", "gates.go", "log.go", "main.go", "manager.go", "options.go", "platform.go", "secrets.go", "status.go"],
  ],
  packages: { [NAME]: "." },
  seconds: 130,
  // One that somebody else installed would come without the definitions.
  programs: [],
});

/** The controllers of the Machine API, and the definitions of its objects: for clusters that create their machines themselves. */
export const machineApi: FilePart = {
  ...program,
  recipe: { program: program.recipe, crds: CRDS, access: ACCESS },
  build: async (context, into) => {
    await program.build(context, into);
    await copyFromModules(context, FOLDER, CRDS, join(into, CRDS_FOLDER));
    await copyFromModules(context, FOLDER, ACCESS, join(into, ACCESS_FOLDER));
  },
  check: (context, folder) => checkVersions(context, PROGRAMS, folder, VERSION),
};
