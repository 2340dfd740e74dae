import { isInstallerError, messageOf } from "../../../errors/index.ts";
import type { OwnedObject } from "../../platform.ts";
import type { VSphereMetadata } from "../metadata.ts";
import { ownedVirtualMachines } from "./machines.ts";
import { ownedPlacement } from "./placement.ts";
import { ownedPolicies, ownedVolumes } from "./storage.ts";
import { govcFor, type ScanContext, type VCenterScan } from "./vcenter-scan.ts";
import { clusterTag, ownedFolders, taggedObjects, tagObjects } from "./tags.ts";

/**
 * All that exists of a cluster, in the order in which it can be removed, in every vCenter and all of its datacenters. Machines, folders and
 * templates are known by the cluster's tag, or (where a killed run had not come to attach it) by their exact names; a name that only begins
 * alike is nobody's. A vCenter that cannot be asked is an object with a problem, and the others are scanned all the same.
 * @throws InstallerError VCENTER_LOGIN
 */
export async function scanCluster(infraID: string, metadata: VSphereMetadata, context: ScanContext): Promise<readonly OwnedObject[]> {
  const found: OwnedObject[] = [];
  for (const { vCenter } of metadata.VCenters) {
    const govc = govcFor(metadata, vCenter, context);
    if (govc === undefined) continue;
    try {
      found.push(...(await scanVCenter({ govc, server: vCenter, infraID, metadata })));
    } catch (error) {
      context.signal.throwIfAborted();
      // Only the user can fix that, and each further try may lock the account.
      if (isInstallerError(error) && error.id === "VCENTER_LOGIN") throw error;
      found.push({ kind: "vcenter", name: vCenter, id: vCenter, problem: messageOf(error) });
    }
  }
  return found;
}

async function scanVCenter(scan: VCenterScan): Promise<readonly OwnedObject[]> {
  const tag = await clusterTag(scan);
  const tagged = tag?.id === undefined ? [] : await taggedObjects(scan, tag.id);
  return [
    ...(await ownedPlacement(scan)),
    ...(await ownedVirtualMachines(scan, tagged)),
    ...(await ownedVolumes(scan)),
    ...(await ownedPolicies(scan)),
    ...(await ownedFolders(scan, tagged)),
    ...tagObjects(scan, tag),
  ];
}
