import { domainFacts, domainNames } from "../domains.ts";
import { baseImageName, bridgeName, diskName, networkName } from "../names.ts";
import { networkFacts } from "../network.ts";
import { poolFacts } from "../storage-pool.ts";
import { storageOf } from "../storage-plan.ts";
import { volumeNames } from "../storage.ts";
import { failed, ok, type Finding } from "../../preflight/check.ts";
import type { CheckInput } from "./check.ts";

/** Names that something else has. What is ours already is an interrupted run's and no conflict. */
export async function checkNames({ libvirt, platform, identity, machines, run, signal }: CheckInput): Promise<Finding> {
  const { infraID } = identity;
  const taken: string[] = [];
  let own = 0;
  const judge = (what: string, owner: string | undefined): void => void (owner === infraID ? own++ : taken.push(what));
  const domains = await domainNames(libvirt, "all");
  for (const { name } of machines.filter((machine) => domains.has(machine.name)))
    judge(`domain ${name}`, (await domainFacts(libvirt, name))?.owner?.infraID);
  if (platform.network.kind === "managed") {
    const network = await networkFacts(libvirt, networkName(infraID));
    if (network !== undefined) judge(`network ${networkName(infraID)}`, network.owner?.infraID);
    else if (await hasDevice(bridgeName(infraID), run, signal)) taken.push(`network device ${bridgeName(infraID)}`);
  }
  const storage = storageOf(platform, infraID);
  const pool = await poolFacts(libvirt, storage.pool);
  if (storage.owned && pool !== undefined) judge(`storage pool ${storage.pool}`, pool.path === storage.path ? infraID : undefined);
  // In the user's own pool a volume carries no owner; before the first run none of these names can be there.
  if (!storage.owned && own === 0) {
    const wanted = new Set([baseImageName(infraID), ...machines.map((machine) => diskName(machine.name))]);
    taken.push(...(await volumeNames(libvirt, storage.pool)).filter((name) => wanted.has(name)).map((name) => `volume ${name}`));
  }
  if (taken.length > 0) return failed(`taken: ${taken.join(", ")}`, "Rename or remove them, or give the cluster another name.");
  return ok(own === 0 ? "all free" : `${own} of them are this cluster's own`);
}

async function hasDevice(name: string, run: CheckInput["run"], signal: AbortSignal): Promise<boolean> {
  const { exitCode } = await run("ip", ["link", "show", "dev", name], { signal, accept: [1] });
  return exitCode === 0;
}
