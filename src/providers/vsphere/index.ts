import type { Platform } from "../platform.ts";
import { gatherCluster } from "./gather.ts";
import { metadataOf, parseMetadata } from "./metadata.ts";
import { preflight } from "./preflight/index.ts";
import { program } from "./program.ts";
import { scanCluster } from "./scan/index.ts";
import { removeObject } from "./scan/remove.ts";

/** Machines on one or more vCenters: resources by the official provider, the template and all looking around by govc. */
export const vsphere: Platform = {
  name: "vsphere",
  refreshes: true,
  preflight,
  program,
  metadata: metadataOf,
  scan: (infraID, metadata, context) => scanCluster(infraID, parseMetadata(metadata), context),
  remove: (object, metadata, context) => removeObject(object, parseMetadata(metadata), context),
  gather: (infraID, metadata, context) => gatherCluster(infraID, parseMetadata(metadata), context),
};
