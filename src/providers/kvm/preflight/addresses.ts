import ipaddr from "ipaddr.js";
import { isLocal } from "../acceleration.ts";
import { domainNames } from "../domains.ts";
import { bridgeName, networkName } from "../names.ts";
import { networkFacts } from "../network.ts";
import { failed, ok, skipped, type Finding } from "../../preflight/check.ts";
import { answersPing } from "../../preflight/ping.ts";
import type { CheckInput } from "./check.ts";

interface Route {
  readonly dst: string;
  readonly dev?: string;
}

/** A managed network may overlap no route of the host, except by our own bridge. */
export async function checkAddressRanges({ platform, spec, identity, libvirt, run, signal }: CheckInput): Promise<Finding> {
  if (platform.network.kind !== "managed") return skipped("the machines are on a bridge of the host");
  if (!isLocal(platform.uri)) return skipped("the routes of the remote host are not read");
  const { stdout } = await run("ip", ["-json", "-4", "route", "show", "table", "main"], { signal });
  const routes = JSON.parse(stdout.trim() || "[]") as readonly Route[];
  const own = (await networkFacts(libvirt, networkName(identity.infraID)))?.inputs.bridge ?? bridgeName(identity.infraID);
  // Pod and Service addresses stay inside the machines; only the machine network reaches the host.
  for (const cidr of spec.networking.machineNetwork) {
    const clash = routes.find((route) => route.dst !== "default" && route.dev !== own && overlaps(route.dst, cidr));
    if (clash !== undefined)
      return failed(
        `machine network ${cidr} overlaps the host's route to ${clash.dst}${clash.dev === undefined ? "" : ` on ${clash.dev}`}`,
        "Choose another networking.machineNetwork.",
      );
  }
  return ok(spec.networking.machineNetwork.join(", "));
}

/** Whether two IPv4 ranges have an address in common; a bare address is a range of one. */
export function overlaps(a: string, b: string): boolean {
  if (a.includes(":") || b.includes(":")) return false;
  const [networkA, lengthA] = ipaddr.IPv4.parseCIDR(a.includes("/") ? a : `${a}/32`);
  const [networkB, lengthB] = ipaddr.IPv4.parseCIDR(b.includes("/") ? b : `${b}/32`);
  const shorter = Math.min(lengthA, lengthB);
  return networkA.match(networkB, shorter);
}

/** Somebody who answers ARP for a VIP that is not up yet would take the cluster's traffic. */
export async function checkVips({ platform, spec, identity, machines, libvirt, run, signal }: CheckInput): Promise<Finding> {
  const vips = [...new Set([...spec.vips.api, ...spec.vips.ingress])];
  if (vips.length === 0) return skipped("the cluster has no virtual addresses");
  if (!isLocal(platform.uri)) return skipped("ARP cannot be asked from here");
  const running = await domainNames(libvirt, "running");
  if (machines.some(({ name }) => running.has(name))) return skipped("machines of this cluster run already, and one of them has the VIP");
  if (platform.network.kind === "managed" && (await networkFacts(libvirt, networkName(identity.infraID)))?.active !== true)
    return skipped("the network does not exist yet, so nobody is on it");
  for (const vip of vips) {
    const mac = await whoHas(vip, run, signal);
    if (mac !== undefined) return failed(`${vip} is in use by ${mac}`, "Free the address, or choose other apiVIPs and ingressVIPs.");
  }
  return ok(`nobody answers for ${vips.join(", ")}`);
}

/** A ping makes the kernel ask by ARP; the neighbour table then shows who answered, also if ICMP was dropped. */
async function whoHas(address: string, run: CheckInput["run"], signal: AbortSignal): Promise<string | undefined> {
  await answersPing(address, run, signal);
  const { stdout } = await run("ip", ["-json", "neigh", "show", "to", address], { signal });
  const entries = JSON.parse(stdout.trim() || "[]") as readonly { readonly lladdr?: string; readonly state?: readonly string[] }[];
  return entries.find((entry) => entry.lladdr !== undefined && entry.state?.includes("FAILED") !== true)?.lladdr;
}
