import type { Runner } from "../../../exec/index.ts";
import { Govc } from "../govc.ts";
import type { VSphereMetadata } from "../metadata.ts";

export interface ScanContext {
  readonly run: Runner;
  readonly signal: AbortSignal;
}

/** One vCenter's share of a scan. */
export interface VCenterScan {
  readonly govc: Govc;
  /** As in the metadata, and the first part of every object's id. */
  readonly server: string;
  readonly infraID: string;
  readonly metadata: VSphereMetadata;
}

/** To all of a cluster's vCenters. @throws InstallerError VCENTER_LOGIN */
export async function signIn(metadata: VSphereMetadata, context: ScanContext): Promise<void> {
  await Promise.all(metadata.VCenters.map(async ({ vCenter }) => await govcFor(metadata, vCenter, context)?.signIn()));
}

/** The connection to one of the metadata's vCenters. */
export function govcFor({ VCenters, additionalTrustBundle }: VSphereMetadata, server: string, { run, signal }: ScanContext): Govc | undefined {
  const found = VCenters.find(({ vCenter }) => vCenter === server);
  return found === undefined
    ? undefined
    : new Govc({ server, user: found.username, password: found.password, trustBundle: additionalTrustBundle }, run, signal);
}
