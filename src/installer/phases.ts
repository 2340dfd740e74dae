import type { Phase } from "./phase.ts";
import { bootstrapComplete } from "./phases/bootstrap-complete.ts";
import { createInfrastructure, createMachinesOnly } from "./phases/create-infrastructure.ts";
import { installComplete } from "./phases/install-complete.ts";
import { preflight } from "./phases/preflight.ts";
import { prepareAssets, prepareAssetsOnly } from "./phases/prepare-assets.ts";
import { recoverState } from "./phases/recover-state.ts";
import { removeBootstrap } from "./phases/remove-bootstrap.ts";
import { validateConfig, validateInstallation } from "./phases/validate-config.ts";
import { virtualization } from "./phases/virtualization.ts";

/** An installation, from first to last. `resume` walks the same list: each phase sees by itself what is done. */
export const CREATE_CLUSTER: readonly Phase[] = [
  validateInstallation,
  prepareAssets,
  recoverState,
  preflight,
  createInfrastructure,
  bootstrapComplete,
  installComplete,
  virtualization,
  removeBootstrap,
];

/** The machines alone: nothing is waited for. */
export const CREATE_INFRA: readonly Phase[] = [validateConfig, prepareAssets, recoverState, preflight, createMachinesOnly];

/** The assets alone: nothing outside the cluster folder is touched. */
export const CREATE_ASSETS: readonly Phase[] = [validateConfig, prepareAssetsOnly];
