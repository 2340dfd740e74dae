import { isInstallerError } from "../../../errors/index.ts";
import { failed, ok, skipped, warning, type Finding } from "../../preflight/check.ts";
import { isLocal } from "../acceleration.ts";
import type { Libvirt } from "../libvirt.ts";
import { findAll, parseXml } from "../xml/parse-xml.ts";
import type { CheckInput } from "./check.ts";

/** libvirt attaches machines to a bridge that is there; it makes none. Without this the first machine would show it, after image and disks. */
export async function checkBridge({ platform, libvirt, run, signal }: CheckInput): Promise<Finding> {
  if (platform.network.kind !== "bridge") return skipped("the machines are on a managed network");
  const { bridge } = platform.network;
  const host = isLocal(platform.uri) ? "this host" : new URL(platform.uri).hostname;
  let bridges: ReadonlyMap<string, Interface>;
  try {
    bridges = await interfacesOf(libvirt);
  } catch (error) {
    signal.throwIfAborted();
    // Its driver for interfaces is a package of its own on some distributions.
    if (!isInstallerError(error)) throw error;
    if (!isLocal(platform.uri))
      return warning(
        `not checked: the libvirt of ${host} does not list interfaces (${error.message})`,
        `See there by \`ip link show type bridge\` that ${bridge} exists.`,
      );
    bridges = await kernelBridges(run, signal);
  }
  const found = bridges.get(bridge);
  const names = [...bridges].flatMap(([name, { isBridge }]) => (isBridge ? [name] : [])).toSorted();
  const fix = `Create the bridge on ${host}, or name another one under platform.kvm.network.bridge.`;
  const there = names.length === 0 ? "there is none" : `there are: ${names.join(", ")}`;
  if (found === undefined) return failed(`${host} has no bridge ${bridge}; ${there}`, fix);
  if (!found.isBridge) return failed(`${bridge} on ${host} is no bridge; ${there}`, fix);
  // One that has no port yet has no link, and may be meant so.
  return ok(`${bridge} on ${host}${found.hasLink ? "" : ", without a link so far"}`);
}

interface Interface {
  readonly isBridge: boolean;
  readonly hasLink: boolean;
}

/** As the libvirt host sees them, also one that is remote or has a network namespace of its own. */
async function interfacesOf(libvirt: Libvirt): Promise<ReadonlyMap<string, Interface>> {
  const rows = (await libvirt.virsh(["iface-list", "--all"])).split("\n").map((line) => line.trim().split(/\s+/));
  const states = new Map(rows.flatMap(([name = "", state = ""]) => (name === "" ? [] : [[name, state] as const])));
  const described = await libvirt.virshAll([...states.keys()].map((name) => ["iface-dumpxml", name]));
  const bridges = new Set(
    findAll(parseXml(`<all>${described}</all>`), "interface")
      .filter(({ attributes }) => attributes["type"] === "bridge")
      .map(({ attributes }) => attributes["name"]),
  );
  return new Map([...states].map(([name, state]) => [name, { isBridge: bridges.has(name), hasLink: state === "active" }]));
}

async function kernelBridges(run: CheckInput["run"], signal: AbortSignal): Promise<ReadonlyMap<string, Interface>> {
  const { stdout } = await run("ip", ["-json", "link", "show", "type", "bridge"], { signal });
  const links = JSON.parse(stdout.trim() || "[]") as readonly { readonly ifname: string; readonly operstate?: string }[];
  return new Map(links.map(({ ifname, operstate }) => [ifname, { isBridge: true, hasLink: operstate === "UP" }]));
}
