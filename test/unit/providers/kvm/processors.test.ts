import { describe, expect, it } from "vitest";
import type { Runner } from "../../../../src/exec/index.ts";
import { Libvirt } from "../../../../src/providers/kvm/libvirt.ts";
import type { CheckInput } from "../../../../src/providers/kvm/preflight/check.ts";
import { checkProcessors } from "../../../../src/providers/kvm/preflight/processors.ts";
import { REMOTE_URI, remoteLibvirtHost } from "../../../helpers/remote-libvirt-host.ts";

async function find(run: Runner, ...cpus: readonly number[]): ReturnType<typeof checkProcessors> {
  const signal = new AbortController().signal;
  const machines = cpus.map((count) => ({ cpus: count }));
  return await checkProcessors({ machines, libvirt: new Libvirt(REMOTE_URI, { run, signal, env: {} }), run, signal } as unknown as CheckInput);
}

describe("processors", () => {
  it.each([
    ["are enough", false, [2, 2], "ok", "4 processors for 2 machines, 4 on the host"],
    ["are shared by machines with acceleration", true, [2, 2, 2], "ok", "6 processors for 3 machines, 4 on the host"],
    ["are shared by emulated machines of one each", false, [1, 1, 1, 1, 1], "ok", "5 processors for 5 machines, 4 on the host"],
    [
      "are too few for emulated machines of several",
      false,
      [2, 2, 1],
      "warning",
      "5 processors for 3 machines, 4 on the host: emulated ones wait for each other",
    ],
  ] as const)("%s", async (_, accelerated, cpus, outcome, found) =>
    expect(await find(remoteLibvirtHost({ accelerated }), ...cpus)).toMatchObject({ outcome, found }),
  );

  it("are not guessed", async () =>
    expect(await find(remoteLibvirtHost({ accelerated: true, nodeinfo: "nothing\n" }), 1)).toMatchObject({ outcome: "warning" }));
});
