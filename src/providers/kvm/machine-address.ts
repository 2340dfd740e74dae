import { InstallerError } from "../../errors/index.ts";
import { poll } from "../../util/index.ts";
import type { ResourceContext } from "../../pulumi/index.ts";
import type { Libvirt } from "./libvirt.ts";

const DEFAULT_LIMIT_MS = 5 * 60_000;
/** Where libvirt may know an address from: its own DHCP server, the agent in the guest, the host's ARP table. */
const SOURCES = ["lease", "agent", "arp"] as const;

/** Waits for a machine's first IPv4 address. @throws InstallerError MACHINE_NO_ADDRESS after five minutes or the custom timeout */
export async function waitForAddress(libvirt: Libvirt, domain: string, macAddress: string, context: ResourceContext): Promise<string> {
  const limitMs = context.timeoutMs === undefined ? DEFAULT_LIMIT_MS : context.timeoutMs * 0.9;
  const result = await poll(
    async () => {
      const value = await addressOf(libvirt, domain, macAddress);
      return value === undefined ? { done: false as const, reason: "waiting for an IP address" } : { done: true as const, value };
    },
    { intervalMs: 2_000, timeoutMs: limitMs, signal: context.signal, clock: context.clock, onWait: (reason) => context.progress.status(reason) },
  );
  if (result.outcome === "done") return result.value;
  throw new InstallerError("MACHINE_NO_ADDRESS", `no IP address for ${macAddress} within ${Math.round(limitMs / 1_000)} s`, { value: macAddress });
}

/** The machine's IPv4 address as far as libvirt knows. */
export async function addressOf(libvirt: Libvirt, domain: string, macAddress: string): Promise<string | undefined> {
  for (const source of SOURCES) {
    // Each source may be missing: no agent in the guest, no lease on a bridge that is not libvirt's.
    const table = await libvirt.virsh(["domifaddr", "--domain", domain, "--source", source, "--full"]).catch(() => "");
    const address = addressIn(table, macAddress);
    if (address !== undefined) return address;
  }
  return undefined;
}

/** The first IPv4 address of a MAC address in virsh's table. */
export function addressIn(table: string, macAddress: string): string | undefined {
  for (const line of table.split("\n")) {
    const [, mac, family, address] = line.trim().split(/\s+/);
    if (mac?.toLowerCase() === macAddress && family === "ipv4" && address !== undefined) return address.split("/")[0];
  }
  return undefined;
}
