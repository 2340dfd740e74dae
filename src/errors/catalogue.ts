import type { CatalogueEntry } from "./catalogue/entry.ts";
import { CLUSTER_FOLDER_ERRORS } from "./catalogue/cluster-folder.ts";
import { INSTALLATION_ERRORS } from "./catalogue/installation.ts";
import { KUBERNETES_ERRORS } from "./catalogue/kubernetes.ts";
import { KVM_ERRORS } from "./catalogue/kvm.ts";
import { MACHINES_ERRORS } from "./catalogue/machines.ts";
import { PROGRAM_ERRORS } from "./catalogue/program.ts";
import { SETUP_ERRORS } from "./catalogue/setup.ts";
import { VIRTUALIZATION_ERRORS } from "./catalogue/virtualization.ts";
import { VSPHERE_ERRORS } from "./catalogue/vsphere.ts";

export { EXIT, type CatalogueEntry, type ExitClass } from "./catalogue/entry.ts";

/**
 * Every error that a user can meet: its exit-code class, one line of what it means, and what to do next.
 * `docs/reference/errors.md` is generated from this table.
 */
export const CATALOGUE = {
  ...PROGRAM_ERRORS,
  ...CLUSTER_FOLDER_ERRORS,
  ...KUBERNETES_ERRORS,
  ...SETUP_ERRORS,
  ...KVM_ERRORS,
  ...MACHINES_ERRORS,
  ...VSPHERE_ERRORS,
  ...INSTALLATION_ERRORS,
  ...VIRTUALIZATION_ERRORS,
} as const satisfies Record<string, CatalogueEntry>;
