import { messageOf } from "../../errors/index.ts";
import { collect } from "./inventory.ts";
import type { VSphereMetadata } from "./metadata.ts";
import { scanCluster } from "./scan/index.ts";
import { govcFor, type ScanContext } from "./scan/vcenter-scan.ts";

/** What describes a machine without what is secret: never `config.extraConfig`, which holds its Ignition config. */
const MACHINE = [
  "summary.runtime",
  "summary.guest",
  "summary.quickStats",
  "config.files",
  "config.version",
  "config.hardware.numCPU",
  "config.hardware.memoryMB",
  "guest.net",
];

/** Descriptions of all objects, and the vCenters' recent events on them. What cannot be read is reported in its file; gathering goes on. */
export async function gatherCluster(infraID: string, metadata: VSphereMetadata, context: ScanContext): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const put = async (name: string, read: () => Promise<string>): Promise<void> =>
    void files.set(name, await read().catch((error: unknown) => `could not be read: ${messageOf(error)}\n`));
  const objects = await scanCluster(infraID, metadata, context);
  files.set("vsphere/objects.json", `${JSON.stringify(objects, null, 2)}\n`);
  for (const { kind, name, id } of objects) {
    const [server = "", reference = ""] = [id.slice(0, id.indexOf("/")), id.slice(id.indexOf("/") + 1)];
    const govc = govcFor(metadata, server, context);
    if (govc === undefined || (kind !== "vm" && kind !== "template")) continue;
    await put(`vsphere/${name}.${kind}.json`, async () => `${JSON.stringify(await collect(govc, reference, MACHINE), null, 2)}\n`);
    await put(`vsphere/${name}.events.txt`, () => govc.text(["events", "-n", "50", reference]));
  }
  for (const { vCenter } of metadata.VCenters) {
    const govc = govcFor(metadata, vCenter, context);
    if (govc === undefined) continue;
    await put(`vsphere/${vCenter}.about.txt`, () => govc.text(["about"]));
    await put(`vsphere/${vCenter}.tasks.txt`, () => govc.text(["tasks"]));
  }
  return files;
}
