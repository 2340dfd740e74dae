import type { VsphereConfig } from "./spec.ts";

/**
 * True for a file in the old form without a network. OpenShift's installer accepts it for machines that the user makes (UPI),
 * and demands neither networks nor a cluster then.
 */
export const isUserProvisioned = ({ vCenter, network }: VsphereConfig): boolean => (vCenter ?? "") !== "" && (network ?? "") === "";
