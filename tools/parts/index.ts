import type { Part } from "../../setup/part.ts";
import { nodeImageOva } from "../../setup/parts/node-image-ova.ts";
import { PARTS } from "../../setup/parts/index.ts";
import { browser } from "./browser.ts";
import { cCompiler } from "./c-compiler.ts";
import { cdi } from "./cdi.ts";
import { controlPlaneMachineSet } from "./control-plane-machine-set.ts";
import { ignitionValidate } from "./ignition-validate.ts";
import { kubevirt, kubevirtBefore } from "./kubevirt.ts";
import { kubevirtImages, kubevirtNodeImage } from "./kubevirt-images.ts";
import { kwok } from "./kwok.ts";
import { networkAddons } from "./network-addons.ts";
import { olm, opm } from "./olm.ts";
import { openshiftApi } from "./openshift-api.ts";
import { shellcheck } from "./shellcheck.ts";
import { vcsim } from "./vcsim.ts";
import { virtctl } from "./virtctl.ts";

/** Everything: what a user runs, and what tests and the demo on a simulated vCenter run besides. */
export const ALL_PARTS: readonly Part[] = [
  ...PARTS,
  ignitionValidate,
  shellcheck,
  olm,
  opm,
  kubevirt,
  kubevirtBefore,
  cdi,
  networkAddons,
  cCompiler,
  kubevirtImages,
  kubevirtNodeImage,
  virtctl,
  kwok,
  vcsim,
  controlPlaneMachineSet,
  browser,
  openshiftApi,
];

const OF_NIGHTLY: readonly Part[] = [
  browser,
  openshiftApi,
  kubevirtBefore,
  cdi,
  networkAddons,
  cCompiler,
  kubevirtImages,
  kubevirtNodeImage,
  virtctl,
];

/** Ids of what the tests of every run need: they pack small images for vSphere themselves. */
export const TESTS: readonly string[] = ALL_PARTS.filter((part) => part !== nodeImageOva && !OF_NIGHTLY.includes(part)).map(({ id }) => id);

/** Ids of what the nightly tests need besides. */
export const NIGHTLY: readonly string[] = OF_NIGHTLY.map(({ id }) => id);
