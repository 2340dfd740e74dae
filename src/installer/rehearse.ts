import { planMachineSets } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import type { Options, World } from "./context.ts";
import { poolSets, withMachineSets } from "./machines.ts";
import { RehearsalRun, type Rehearsal } from "./rehearsal-run.ts";
import { beforeRehearsal } from "./rehearsal-state.ts";

export type { Rehearsal } from "./rehearsal-run.ts";

/**
 * Has the cluster create one machine more of a pool and remove that very one, and measures each step. The cluster is left as it was found; where a
 * run ends early, its set is given back its number, and the next run removes the rest.
 * @param pool the first compute pool unless given
 * @throws InstallerError SCALE_INVALID, REHEARSAL_FAILED, CLUSTER_UNKNOWN, MACHINE_SETS_OFF, KUBE_UNREACHABLE, the signal's reason
 */
export async function rehearse(world: World, options: Options, pool: string | undefined): Promise<Rehearsal> {
  return await withMachineSets(world, async (client, { spec, identity }) => {
    const name = pool ?? planMachineSets(spec, identity)[0]?.pool.name ?? "";
    // Of several the first: what it does, the others do.
    const [set] = await poolSets(client, { spec, identity }, name, world.signal);
    if (set === undefined) throw new InstallerError("SCALE_INVALID", `pool ${name} has no MachineSet`, { value: name });
    const run = new RehearsalRun(client, world, set.metadata.name, options.timeouts?.install ?? spec.timeouts.install);
    const left = beforeRehearsal(set);
    return left === undefined ? await run.rehearse(set) : await run.undo(left);
  });
}
