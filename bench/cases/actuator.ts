import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import pLimit from "p-limit";
import { run } from "../../src/exec/index.ts";
import { ActuatorSite } from "../../test/helpers/actuator-site.ts";
import { startedDomainXml } from "../baseline/documents.ts";
import { compare, type Comparison } from "../measure.ts";
import { MAX_CREATES } from "./counted-actuator.ts";

const COUNT = 8;
const RUNS = 5;
const TARGET = 1.3;
const BASELINE = resolve(import.meta.dirname, "../baseline");

/**
 * Machines of the cluster by KVM's actuator, without controllers and API, against a script of virsh commands for the same machines on the same libvirt:
 * an address, names, a disk, an Ignition config and a start each; and their removal.
 */
export async function actuator(): Promise<readonly Comparison[]> {
  const site = await ActuatorSite.open();
  try {
    const ours = await site.actuator();
    const limit = pLimit(MAX_CREATES);
    const { signal } = new AbortController();
    const machines = Array.from({ length: COUNT }, (_, index) => site.machine(`${site.infraID}-worker-${index}`));
    const create = (): Promise<unknown> => Promise.all(machines.map((machine) => limit(() => ours.create(machine, site.userData, signal))));
    const remove = (): Promise<unknown> => Promise.all(machines.map((machine) => limit(() => ours.delete(machine, signal))));

    await writeFile(join(site.folder, "machine.ign"), site.userData);
    const pool = `/var/lib/libvirt/images/virt-ipi/${site.infraID}`;
    for (let index = 0; index < COUNT; index++)
      await writeFile(join(site.folder, `bare-${index}.xml`), startedDomainXml(index, { pool, network: site.infraID }));
    const where = [site.host.uri, site.infraID, site.infraID];
    const createBare = (): Promise<unknown> =>
      run(join(BASELINE, "create-started-machines.sh"), [site.folder, String(COUNT), ...where, `${site.infraID}-base.qcow2`]);
    const removeBare = (): Promise<unknown> => run(join(BASELINE, "remove-started-machines.sh"), [String(COUNT), ...where]);

    const created = await compare({
      name: "actuator-create",
      runs: RUNS,
      target: TARGET,
      ours: { title: `${COUNT} machines by the actuator, ${MAX_CREATES} at once`, run: create, after: remove },
      baseline: { title: `${COUNT} machines by virsh`, run: createBare, after: removeBare },
    });
    const removed = await compare({
      name: "actuator-remove",
      runs: RUNS,
      target: TARGET,
      ours: { title: `${COUNT} machines removed by the actuator, ${MAX_CREATES} at once`, before: create, run: remove },
      baseline: { title: `${COUNT} machines removed by virsh`, before: createBare, run: removeBare },
    });
    return [created, removed];
  } finally {
    await site.close();
  }
}
