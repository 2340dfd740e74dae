import { describe, expect, it } from "vitest";
import type { Runner } from "../../../../src/exec/index.ts";
import type { ResourceContext } from "../../../../src/pulumi/index.ts";
import { domainFacts } from "../../../../src/providers/kvm/domains.ts";
import { Libvirt } from "../../../../src/providers/kvm/libvirt.ts";
import type { MachineInputs } from "../../../../src/providers/kvm/machine-inputs.ts";
import { mayResize, resize } from "../../../../src/providers/kvm/machine-power.ts";
import { FakeClock } from "../../kube/fixtures.ts";

const WANTED: MachineInputs = {
  name: "c-master-0",
  infraID: "c-abcde",
  role: "control-plane",
  cpus: 4,
  memoryMB: 8192,
  macAddress: "52:54:00:00:00:10",
  network: { kind: "network", name: "c" },
  pool: "c",
  diskPath: "/d",
};

/** A running machine of 2 CPUs and 4 GiB; it goes down when it is asked to, if it `listens`. */
function host(listens: boolean) {
  const done: string[] = [];
  let running = true;
  const run: Runner = (_file, [, , , command = "", ...args]) => {
    if (/^'?dumpxml'? .*; '?domstate'? /.test(command))
      return Promise.resolve({
        stdout: `<domain type='kvm'><name>c-master-0</name><uuid>u</uuid><vcpu>2</vcpu><memory unit='MiB'>4096</memory></domain>\n\n${running ? "running" : "shut off"}\n`,
        stderr: "",
        exitCode: 0,
      });
    done.push([command, ...args.filter((word) => !word.startsWith("-") && word !== "u")].join(" "));
    if (command === "destroy" || (command === "shutdown" && listens)) running = false;
    return Promise.resolve({ stdout: "", stderr: "", exitCode: 0 });
  };
  return { libvirt: new Libvirt("qemu:///system", { run, env: {} }), done };
}

const factsOf = async (libvirt: Libvirt) => (await domainFacts(libvirt, "u")) ?? expect.unreachable();
const context = (): ResourceContext =>
  ({ clock: new FakeClock(), signal: new AbortController().signal, progress: { status: () => undefined } }) as unknown as ResourceContext;

describe("a new size", () => {
  it("is refused to a running control-plane machine, but where a restart is allowed", async () => {
    const { libvirt } = host(true);
    const found = await factsOf(libvirt);
    expect(() => mayResize(found, WANTED)).toThrow(expect.objectContaining({ id: "MACHINE_RESTART_REFUSED", value: "c-master-0" }) as Error);
    expect(() => mayResize(found, { ...WANTED, allowRestart: true })).not.toThrow();
    expect(() => mayResize({ ...found, running: false }, WANTED)).not.toThrow();
    expect(() => mayResize(found, { ...WANTED, role: "compute" })).not.toThrow();
  });

  it.each([
    ["goes down when it is asked to", true, ["shutdown"]],
    ["does not", false, ["shutdown", "destroy"]],
  ])("is given to a machine that %s", async (_what, listens, down) => {
    const { libvirt, done } = host(listens);
    await resize(libvirt, await factsOf(libvirt), { ...WANTED, allowRestart: true }, context());
    expect(done).toEqual([...down, "setvcpus 4", "setvcpus 4", "setmaxmem 8388608", "setmem 8388608"]);
  });
});
