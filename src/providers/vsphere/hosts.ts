import { networkPath } from "../../config/platforms/vsphere/index.ts";
import { InstallerError } from "../../errors/index.ts";
import type { Govc } from "./govc.ts";
import { collectHosts, locate, referencesIn } from "./inventory.ts";
import { lastOf } from "./names.ts";

export interface HostFacts {
  /** Inventory path. */
  readonly path: string;
  readonly connected: boolean;
  readonly poweredOn: boolean;
  readonly inMaintenance: boolean;
  /** Managed object ids. */
  readonly datastores: ReadonlySet<string>;
  readonly networks: ReadonlySet<string>;
}

/** The hosts of a compute cluster. */
export async function hostsOf(govc: Govc, computeCluster: string): Promise<readonly HostFacts[]> {
  const found = await collectHosts(govc, computeCluster, [
    "runtime.connectionState",
    "runtime.powerState",
    "runtime.inMaintenanceMode",
    "datastore",
    "network",
  ]);
  return [...found].map(([path, values]) => ({
    path,
    connected: values["runtime.connectionState"] === "connected",
    poweredOn: values["runtime.powerState"] === "poweredOn",
    inMaintenance: values["runtime.inMaintenanceMode"] === true,
    datastores: new Set(referencesIn(values["datastore"]).map(({ value }) => value)),
    networks: new Set(referencesIn(values["network"]).map(({ value }) => value)),
  }));
}

export const isUsable = ({ connected, poweredOn, inMaintenance }: HostFacts): boolean => connected && poweredOn && !inMaintenance;

/** Managed object id of what lies at a path. */
export async function idOf(govc: Govc, path: string, type: "s" | "n"): Promise<string | undefined> {
  const named = await locate(govc, path.slice(0, path.lastIndexOf("/")), [type], lastOf(path));
  return named.find((each) => each.path === path)?.value;
}

/**
 * A host to upload to: one that runs, and sees both the datastore and the network. vCenter chooses one itself only where DRS is on.
 * @throws InstallerError VCENTER_FAILED
 */
export async function pickHost(
  govc: Govc,
  place: { readonly datacenter: string; readonly computeCluster: string; readonly datastore: string; readonly network: string },
): Promise<string> {
  const [hosts, datastore, network] = await Promise.all([
    hostsOf(govc, place.computeCluster),
    idOf(govc, place.datastore, "s"),
    idOf(govc, networkPath(place, place.network), "n"),
  ]);
  const fit = hosts.find(
    (host) => isUsable(host) && datastore !== undefined && host.datastores.has(datastore) && network !== undefined && host.networks.has(network),
  );
  if (fit !== undefined) return fit.path;
  throw new InstallerError("VCENTER_FAILED", `no running host of ${place.computeCluster} sees both ${place.datastore} and network ${place.network}`, {
    value: place.computeCluster,
    advice: "Mount the datastore and the port group on a host of the cluster, and take it out of maintenance mode.",
  });
}
