import { once } from "node:events";
import { readdir, stat } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runtimeFolderOf } from "../../../src/installer/controller/runtime-folder.ts";
import { ControllerSite } from "../../helpers/controller-site.ts";
import { until } from "../../helpers/machine-api.ts";

/** The commands that act on a cluster's own machines: the real controllers, the real API, a real libvirt whose guests boot nothing. */
let site: ControllerSite;
let folder: string;

beforeAll(async () => {
  site = await ControllerSite.open();
  folder = runtimeFolderOf(site.libvirt.infraID, process.env);
});
afterAll(() => site?.close());

const domains = async (): Promise<string> => await site.libvirt.virsh("list", "--all", "--name");

/** All that a rehearsal must leave as it was. */
async function facts(): Promise<unknown> {
  const { body } = await site.kube.request("GET", site.machines.path("machinesets", site.setName));
  const { spec, metadata } = JSON.parse(body) as { spec: unknown; metadata: { annotations?: unknown; labels?: unknown } };
  const machines = (await site.ofSet()).map((machine) => ({ name: machine.metadata.name, annotations: machine.metadata.annotations }));
  return { spec, annotations: metadata.annotations ?? {}, labels: metadata.labels, machines, world: await site.libvirt.world() };
}

describe("a machine controller", () => {
  it("is not there until it is started", async () => {
    expect(await site.status()).toMatchObject({ controllers: [] });
    expect(await site.status()).not.toHaveProperty("lease");
  });

  it("runs, is ready, and acts by its Lease", async () => {
    const { child } = await site.start();
    const status = await site.untilReady();
    expect(status).toMatchObject({ controllers: [{ pid: child.pid, running: true, ready: true, errors: [] }], lease: { current: true } });
    const [own = ""] = await readdir(folder);
    expect((await stat(`${folder}/${own}`)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(`${folder}/${own}`)) expect((await stat(`${folder}/${own}/${name}`)).mode & 0o077, name).toBe(0);
  });

  it("creates the machines that a pool is scaled to, and the command waits until they are nodes", async () => {
    const kubelets = site.joinAll();
    try {
      const scaled = await site.cli(["scale", "worker", "2"]);
      expect(scaled.code, scaled.stderr).toBe(0);
    } finally {
      await kubelets.stop();
    }
    const made = await site.ofSet();
    expect(made).toHaveLength(2);
    for (const { metadata } of made) expect(await domains()).toContain(metadata.name);
  });

  it("notices that a virtual machine has stopped, and that one has vanished", async () => {
    const [first, second] = (await site.ofSet()).map(({ metadata }) => metadata.name);
    await site.libvirt.virsh("destroy", first ?? "");
    await until(
      "it is said to be off",
      async () => {
        const machine = await site.machines.get(first ?? "");
        return machine?.metadata.annotations?.["machine.openshift.io/instance-state"] === "shut off";
      },
      30_000,
    );
    await site.libvirt.virsh("start", first ?? "");
    await site.libvirt.vanish(second ?? "");
    await site.machines.untilPhase(second ?? "", "Failed", 60_000);
    await until(
      "the other is said to run again",
      async () => {
        const machine = await site.machines.get(first ?? "");
        return machine?.metadata.annotations?.["machine.openshift.io/instance-state"] === "running";
      },
      30_000,
    );
    expect((await site.machines.get(first ?? ""))?.status?.phase).toBe("Running");
  });

  it("rehearses with one machine more, and leaves all as it was", async () => {
    await until("both are Ready again", async () => {
      const kubelets = site.joinAll();
      try {
        const failed = (await site.ofSet()).filter(({ status }) => status?.phase === "Failed");
        for (const { metadata } of failed) await site.machines.delete(metadata.name);
        return failed.length === 0 && (await site.cli(["scale", "worker", "2"])).code === 0;
      } finally {
        await kubelets.stop();
      }
    });
    const before = await facts();
    const kubelets = site.joinAll();
    try {
      const rehearsed = await site.cli(["rehearse", "--output", "json"]);
      expect(rehearsed.code, rehearsed.stdout).toBe(0);
      const { steps } = rehearsed.json().at(-1) as { steps: readonly { step: string }[] };
      expect(steps.map(({ step }) => step)).toEqual([
        "create a Machine",
        "create the virtual machine",
        "register the node",
        "become Ready",
        "drain the node",
        "remove the virtual machine",
      ]);
    } finally {
      await kubelets.stop();
    }
    expect(await facts()).toEqual(before);
  });

  it("undoes a rehearsal that was interrupted", async () => {
    const before = await facts();
    // Without a kubelet it waits for a node.
    const stopped = await site.cli(["rehearse"], {
      onStderr: (text, kill) => {
        if (text.includes("register the node")) kill("SIGINT");
      },
    });
    expect(stopped.code).toBe(8);
    expect(stopped.stderr).toContain("run `virt-ipi rehearse` again");
    const undone = await site.cli(["rehearse"]);
    expect(undone.code, undone.stderr).toBe(0);
    expect(undone.stdout).toContain("What an earlier rehearsal");
    expect(await facts()).toEqual(before);
  });

  it("keeps the cluster from being removed while it runs", async () => {
    const destroyed = await site.cli(["destroy", "cluster"]);
    expect(destroyed.code).toBe(4);
    expect(destroyed.stderr).toMatch(/a machine controller of this cluster runs: process \d+ on this host/);
    expect(await domains()).not.toBe("");
  });

  it("gives up its Lease when it is stopped, and leaves nothing behind", async () => {
    const { controllers } = (await site.status()) as { controllers: readonly { pid: number }[] };
    for (const { pid } of controllers) process.kill(pid, "SIGTERM");
    await until("it has ended", async () => ((await site.status()) as { controllers: readonly unknown[] }).controllers.length === 0);
    expect(await site.status()).not.toHaveProperty("lease");
    await expect(readdir(folder)).rejects.toThrow("ENOENT");
  });

  it("ends as a run that was stopped", async () => {
    const { child } = await site.start();
    await site.untilReady();
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect(await ended).toEqual([8, null]);
  });
});
