import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { messageOf } from "../../../src/errors/index.ts";
import { run as runProgram, type Runner } from "../../../src/exec/index.ts";
import { ActuatorSite } from "../../helpers/actuator-site.ts";
import { PlayedLibvirt } from "../../helpers/played-libvirt.ts";

/** What the played libvirt must do as a real one does: its contract, by the same commands on both. */

const [UID, OTHER] = ["0a1b2c3d-0000-4000-8000-000000000001", "0a1b2c3d-0000-4000-8000-000000000002"];
let site: ActuatorSite;
let played: PlayedLibvirt;
let folder: string;

beforeAll(async () => {
  site = await ActuatorSite.open();
  folder = await mkdtemp("/tmp/vt-files-");
  played = new PlayedLibvirt();
  const host = played.host(site.host.uri);
  host.makePool(site.infraID, [{ name: `${site.infraID}-base.qcow2`, capacity: 64 * 2 ** 20 }], `/var/lib/libvirt/images/virt-ipi/${site.infraID}`);
  host.makeNetwork(await site.virsh("net-dumpxml", site.infraID));
});
afterAll(async () => {
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The commands of a run with how each ended. Names of temporary files differ. */
function traced(run: Runner, trace: string[]): Runner {
  return async (program, args, options) => {
    const words = args
      .slice(3)
      .join(" ")
      .replaceAll("'", "")
      .replaceAll(/\/tmp\/\S+/g, "FILE");
    try {
      const result = await run(program, args, options);
      trace.push(`${words}: done${/^error: /m.test(result.stderr) ? ", in part" : ""}`);
      return result;
    } catch (error) {
      trace.push(`${words}: ${messageOf(error).replaceAll(/\/tmp\/\S+/g, "FILE")}`);
      throw error;
    }
  };
}

describe("the played libvirt", () => {
  it("leads the actuator to the same commands and answers, in all that a machine meets", async () => {
    const signal = new AbortController().signal;
    const live = async (run: Runner): Promise<unknown> => {
      const trace: string[] = [];
      const actuator = await site.actuator({ run: traced(run, trace), allow: { images: ["none.qcow2"], pools: ["none"], networks: ["none"] } });
      const machine = site.machine("c-abcde-worker-xk2p7", {}, { uid: UID });
      const outcomes: unknown[] = [];
      const ask = async (work: Promise<unknown>): Promise<void> =>
        void outcomes.push(await work.catch((error: unknown) => ({ refused: (error as { reason?: string }).reason })));
      await ask(actuator.exists(machine, signal));
      await ask(actuator.create(machine, site.userData, signal));
      await ask(actuator.create(machine, site.userData, signal));
      await ask(actuator.update(machine, signal));
      await ask(actuator.create(site.machine("c-abcde-worker-xk2p7", {}, { uid: OTHER }), site.userData, signal));
      for (const spec of [{ image: "none.qcow2" }, { pool: "none" }, { network: { kind: "network", name: "none" } }])
        await ask(actuator.create(site.machine("c-abcde-worker-xk2p8", spec, { uid: OTHER }), site.userData, signal));
      await ask(actuator.delete(machine, signal));
      await ask(actuator.delete(machine, signal));
      return { outcomes, trace };
    };
    expect(await live(played.run)).toEqual(await live(runProgram));
  });

  const domain = (name: string, uuid: string): string =>
    `<domain type='qemu'><name>${name}</name><uuid>${uuid}</uuid><memory unit='MiB'>64</memory><os><type>hvm</type></os></domain>`;
  const net = ["net-update", "--network", "c-abcde", "--config", "--live"];
  const record = (ip: string): readonly string[] => [...net, "--section", "dns-host", "--xml", `<host ip='${ip}'><hostname>h${ip}</hostname></host>`];
  const host = (mac: string, name: string, ip: string): readonly string[] => [
    ...net,
    ...["--section", "ip-dhcp-host", "--xml", `<host mac='52:54:00:00:00:${mac}' name='${name}' ip='192.168.126.${ip}'/>`],
  ];
  const [add, remove] = [
    ["--command", "add-last"],
    ["--command", "delete"],
  ];
  const volume = (name: string): string =>
    `<volume><name>${name}</name><capacity unit='bytes'>0</capacity><target><format type='raw'/></target></volume>`;
  const COMMANDS: readonly (readonly string[])[] = [
    ["domstate", "--domain", "none"],
    ["dumpxml", "--domain", "none", "--inactive"],
    ["net-dumpxml", "--network", "none"],
    ["pool-dumpxml", "--pool", "none"],
    ["vol-dumpxml", "--pool", "none", "--vol", "v"],
    ["vol-dumpxml", "--pool", "c-abcde", "--vol", "none"],
    ["vol-delete", "--pool", "c-abcde", "--vol", "none"],
    ["define", "--file", domain("m", UID)],
    ["define", "--file", domain("m", UID)],
    ["define", "--file", domain("m", OTHER)],
    ["define", "--file", domain("n", UID)],
    ["destroy", "--domain", "m"],
    ["domstate", "--domain", UID],
    ["undefine", "--domain", "m"],
    ["undefine", "--domain", "m"],
    ["vol-create", "--pool", "c-abcde", "--file", volume("v")],
    ["vol-create", "--pool", "c-abcde", "--file", volume("v")],
    ["vol-delete", "--pool", "c-abcde", "--vol", "v"],
    [...record("192.168.126.140"), ...add],
    [...record("192.168.126.140"), ...add],
    [...host("01", "a", "140"), ...add],
    [...host("01", "b", "141"), ...add],
    [...host("02", "a", "141"), ...add],
    [...host("02", "b", "140"), ...add],
    [...host("09", "z", "149"), ...remove],
    [...host("01", "a", "140"), ...remove],
    [...record("192.168.126.149"), ...remove],
    [...record("192.168.126.140"), ...remove],
  ];

  it("refuses with the same words", async () => {
    const outcomes = async (run: Runner): Promise<readonly string[]> => {
      const trace: string[] = [];
      for (const [index, command] of COMMANDS.entries()) {
        const words = await Promise.all(command.map(async (word) => (word.startsWith("<") ? await file(`${index}.xml`, word) : word)));
        await traced(run, trace)("virsh", ["--quiet", "--connect", site.host.uri, ...words], { env: { LC_ALL: "C" } }).catch(() => undefined);
      }
      return trace;
    };
    expect(await outcomes(played.run)).toEqual(await outcomes(runProgram));
  });

  async function file(name: string, text: string): Promise<string> {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  }
});
