import { messageOf } from "../../errors/index.ts";
import { consoleText } from "./console.ts";
import type { Libvirt } from "./libvirt.ts";
import type { KvmMetadata } from "./metadata.ts";
import { scanCluster } from "./scan.ts";

/** What describes each kind of object. `--security-info` is never asked for. */
const DESCRIBE: Readonly<Record<string, readonly (readonly [command: string, flag: string])[]>> = {
  domain: [
    ["dumpxml", "--domain"],
    ["dominfo", "--domain"],
  ],
  network: [
    ["net-dumpxml", "--network"],
    ["net-dhcp-leases", "--network"],
  ],
  pool: [["pool-dumpxml", "--pool"]],
};

/** Console logs and libvirt's descriptions by file name. What cannot be read is reported in its file; gathering goes on. */
export async function gatherCluster(libvirt: Libvirt, infraID: string, metadata: KvmMetadata): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const put = async (name: string, read: () => Promise<string | undefined>): Promise<void> => {
    const text = await read().catch((error: unknown) => `could not be read: ${messageOf(error)}\n`);
    if (text !== undefined) files.set(name, text);
  };
  const objects = await scanCluster(libvirt, infraID, metadata);
  for (const { kind, name, id } of objects) {
    for (const [command, flag] of DESCRIBE[kind] ?? []) await put(`libvirt/${name}.${kind}.${command}.txt`, () => libvirt.virsh([command, flag, id]));
    if (kind === "domain") await put(`console/${name}.log`, () => consoleText(libvirt, metadata.pool, name));
  }
  await put("libvirt/volumes.txt", () => libvirt.virsh(["vol-list", "--pool", metadata.pool, "--details"]));
  await put("libvirt/host.txt", () => libvirt.virsh(["nodeinfo"]));
  return files;
}
