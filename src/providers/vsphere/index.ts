import type { Platform } from "../platform.ts";
import { gatherCluster } from "./gather.ts";
import { VSPHERE_NEEDS } from "./machine-api/needs.ts";
import { followReferences, metadataOf, metadataOfCluster, parseMetadata } from "./metadata.ts";
import { preflight } from "./preflight/index.ts";
import { roleCommands } from "./role.ts";
import { findOrphans } from "./scan/orphans.ts";
import { scanCluster } from "./scan/index.ts";
import { signIn } from "./scan/vcenter-scan.ts";
import { removeObject } from "./scan/remove.ts";
import { needsImage } from "./used-domains.ts";
import { vsphereErrorId } from "./vcenter-signs.ts";

/** Machines on one or more vCenters: resources by the official provider, the template and all looking around by govc. */
export const vsphere: Platform = {
  name: "vsphere",
  resources: () => import("./resources.ts"),
  plugins: [{ name: "vsphere" }],
  kinds: {
    "vsphere:index/virtualMachine:VirtualMachine": "vm",
    "vsphere:index/tagCategory:TagCategory": "tag-category",
    "vsphere:index/computeClusterVmAntiAffinityRule:ComputeClusterVmAntiAffinityRule": "cluster-rule",
    "vsphere:index/computeClusterVmHostRule:ComputeClusterVmHostRule": "cluster-rule",
    "vsphere:index/computeClusterVmGroup:ComputeClusterVmGroup": "vm-group",
  },
  isGone: (message) => /404 Not Found|has already been deleted/.test(message),
  createdAgainWithMachines: new Set(["cluster-rule", "vm-group"]),
  refreshes: true,
  image: { format: "ova", isNeeded: needsImage },
  preflight,
  program: async (input) => (await import("./program.ts")).program(input),
  metadata: metadataOf,
  credentials: { follow: followReferences, secrets: (metadata) => parseMetadata(metadata).VCenters.map(({ password }) => password) },
  errorId: vsphereErrorId,
  signIn: (metadata, context) => signIn(parseMetadata(metadata), context),
  scan: async (infraID, metadata, context) => await scanCluster(infraID, metadataOfCluster(infraID, metadata), context),
  remove: async (infraID, object, metadata, context) => await removeObject(infraID, object, metadataOfCluster(infraID, metadata), context),
  orphans: (metadata, known, context) => findOrphans(parseMetadata(metadata), known, context),
  role: roleCommands,
  pace: (metadata) =>
    Promise.resolve(
      parseMetadata(metadata)
        .VCenters.map(({ vCenter }) => vCenter)
        .join(" "),
    ),
  machineApi: VSPHERE_NEEDS,
  ownController: "vsphere",
  gather: async (infraID, metadata, context) => await gatherCluster(infraID, metadataOfCluster(infraID, metadata), context),
};
