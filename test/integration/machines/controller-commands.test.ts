import { once } from "node:events";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runtimeFolderOf } from "../../../src/installer/controller/runtime-folder.ts";
import { ControllerSite } from "../../helpers/controller-site.ts";
import { getOverSocket, until } from "../../helpers/machine-api.ts";

/** The commands that act on a cluster's own machines: the real controllers, the real API, a real libvirt whose guests boot nothing. */
let site: ControllerSite;
let folder: string;

/** Before the controllers look by themselves, which they do every ten minutes. */
const NOTICED_MS = 300_000;
/** In what the machines are started with, and in no place where people look. */
const CANARY = "planted-canary-7f3a9c";
const userData = JSON.stringify({
  ignition: { version: "3.2.0", config: { merge: [{ source: "https://192.168.126.5:22623/config/worker" }] } },
  passwd: { users: [{ name: "core", passwordHash: CANARY }] },
});

beforeAll(async () => {
  site = await ControllerSite.open({ "virt-ipi.io/drain-timeout": "5s" }, userData);
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

/** Each line of a private key in the folder, and its kubeconfigs' keys. */
async function keysOf(): Promise<readonly string[]> {
  const { keys, kubeconfig } = site.folder.world.folder;
  const pem = (await readFile(keys, "utf8")).match(/-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END/g) ?? [];
  const controller = join(site.folder.root, "auth/machine-controller.kubeconfig");
  const texts = await Promise.all([kubeconfig, controller].map(async (path) => await readFile(path, "utf8")));
  const data = texts.map((text) => /client-key-data"?: ?"?([\w+/=]{40,})/.exec(text)?.[1] ?? expect.fail("a kubeconfig without a key"));
  return [...pem.flatMap((key) => key.split(/\\n|\n/).filter((line) => line.length > 40 && !line.startsWith("-"))), ...data];
}

/** The process of the controllers themselves, below a command's. */
async function controllersOf(pid: number): Promise<number | undefined> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ").map(Number);
  const names = await Promise.all(children.map(async (child) => await readFile(`/proc/${child}/cmdline`, "utf8").catch(() => "")));
  return children.find((_, index) => names[index]?.startsWith("machine-api-controllers\0"));
}

describe("a machine controller", () => {
  it("is not there until it is started", async () => {
    expect(await site.status()).toMatchObject({ controllers: [] });
    expect(await site.status()).not.toHaveProperty("lease");
  });

  it("runs, is ready, and acts by its Lease", async () => {
    const child = await site.start();
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

  it("shows them until Ctrl-C", async () => {
    const [first] = await site.ofSet();
    const lines = await site.cli(["machines", "--watch"], {
      onStderr: (text, kill) => {
        if (text.includes("machines: 2 of 2 run")) kill("SIGINT");
      },
    });
    expect(lines.code).toBe(8);
    expect(lines.stderr).toContain(`MachineSet ${site.setName}: 2 of 2 ready\n`);
    expect(lines.stderr).toContain(`${first?.metadata.name}: Running, VM running, node ${first?.metadata.name} (`);
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
      NOTICED_MS,
    );
    await site.libvirt.virsh("start", first ?? "");
    await site.libvirt.vanish(second ?? "");
    await site.machines.untilPhase(second ?? "", "Failed", NOTICED_MS);
    await until(
      "the other is said to run again",
      async () => {
        const machine = await site.machines.get(first ?? "");
        return machine?.metadata.annotations?.["machine.openshift.io/instance-state"] === "running";
      },
      NOTICED_MS,
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

  it("gives up a drain that lasts longer than its limit, with an event", async () => {
    const pods = "/api/v1/namespaces/default/pods";
    await site.kube.create("/api/v1/namespaces/default/serviceaccounts", { metadata: { name: "default" } });
    // Without the controller that counts pods a budget allows nothing.
    const spec = { minAvailable: 1, selector: { matchLabels: { app: "db" } } };
    await site.kube.create("/apis/policy/v1/namespaces/default/poddisruptionbudgets", { metadata: { name: "db" }, spec });
    const names = (await site.ofSet()).map(({ metadata }) => metadata.name);
    expect(names).toHaveLength(2);
    for (const name of names)
      await site.kube.create(pods, {
        metadata: { name, labels: { app: "db" } },
        spec: { nodeName: name, automountServiceAccountToken: false, containers: [{ name: "main", image: "registry.example.com/app:1" }] },
      });
    const scaled = await site.cli(["scale", "worker", "1"]);
    expect(scaled.code, scaled.stderr).toBe(0);
    const left = (await site.ofSet()).map(({ metadata }) => metadata.name);
    const [gone = ""] = names.filter((name) => !left.includes(name));
    const events = await until("both events are there", async () => {
      const all = await site.machines.events(gone);
      return ["DrainTimeout", "DrainSkipped"].every((reason) => all.some((event) => event.reason === reason)) ? all : undefined;
    });
    expect(events).toContainEqual(
      expect.objectContaining({
        type: "Warning",
        reason: "DrainTimeout",
        message: "the drain of its node has lasted longer than 5s, and is given up",
      }),
    );
    expect((await site.kube.request("GET", `${pods}/${gone}`)).status).toBe(200);
    expect(await domains()).not.toContain(gone);
  });

  it("starts its controllers again when they are killed, and is followed by the next when it is", async () => {
    interface Status {
      readonly controllers: readonly { readonly pid: number }[];
      readonly lease?: { readonly current: boolean; readonly holder: string };
    }
    const { controllers, lease } = (await site.status()) as unknown as Status;
    const pid = controllers[0]?.pid ?? -1;
    const killed = (await controllersOf(pid)) ?? -1;
    process.kill(killed, "SIGKILL");
    await until("they have another process", async () => {
      const now = await controllersOf(pid);
      return now !== undefined && now !== killed;
    });
    // The Lease of the one that was killed is respected until it is over.
    await until("they act", async () => {
      const now = (await site.untilReady()) as unknown as Status;
      return now.lease?.holder !== lease?.holder;
    });
    process.kill(pid, "SIGKILL");
    const child = await site.start();
    const scaled = await site.cli(["scale", "worker", "0"]);
    expect(scaled.code, scaled.stderr).toBe(0);
    expect(await site.untilReady()).toMatchObject({ controllers: [{ pid: child.pid }] });
    expect(await site.ofSet()).toHaveLength(0);
  });

  it("gives up its Lease when it is stopped, and leaves nothing behind", async () => {
    const { controllers } = (await site.status()) as { controllers: readonly { pid: number }[] };
    for (const { pid } of controllers) process.kill(pid, "SIGTERM");
    await until("it has ended", async () => ((await site.status()) as { controllers: readonly unknown[] }).controllers.length === 0);
    expect(await site.status()).not.toHaveProperty("lease");
    await expect(readdir(folder)).rejects.toThrow("ENOENT");
  });

  it("tells nobody what machines are started with, nor a key", async () => {
    const secrets = [CANARY, ...(await keysOf())];
    expect(secrets.length).toBeGreaterThan(100);
    const child = await site.start();
    await site.untilReady();
    const [own = ""] = await readdir(folder);
    // One that cannot be read: whoever refuses it must not repeat it.
    const secret = `/api/v1/namespaces/${site.machines.name}/secrets/worker-user-data`;
    await site.machines.patch(secret, { stringData: { userData: `{"ignition": ${CANARY}` } });
    const name = `${site.libvirt.infraID}-worker-bad`;
    const { metadata, spec } = site.libvirt.machine(name);
    const machine = { apiVersion: "machine.openshift.io/v1beta1", kind: "Machine", metadata: { name, labels: metadata.labels }, spec };
    await site.kube.create(site.machines.path("machines"), machine);
    await site.machines.untilPhase(name, "Failed");
    const said: Readonly<Record<string, string>> = {
      output: site.printed(),
      log: await site.log(),
      metrics: (await getOverSocket(join(folder, own, "status.sock"), "/metrics")).body,
      record: await readFile(join(folder, own, "controller.json"), "utf8"),
      status: JSON.stringify(await site.status()),
      text: (await site.cli(["machine-controller", "status"])).stdout,
      machines: (await site.cli(["machines"])).stdout,
      objects: (await site.kube.request("GET", site.machines.path("machines"))).body,
      events: (await site.kube.request("GET", `/api/v1/namespaces/${site.machines.name}/events`)).body,
    };
    for (const [where, text] of Object.entries(said)) {
      expect(text.length, where).toBeGreaterThan(40);
      expect(
        secrets.filter((each) => text.includes(each)),
        where,
      ).toEqual([]);
      expect(text, where).not.toMatch(/Bearer|PRIVATE KEY/);
    }
    expect(said["status"]).toContain("InvalidUserData");
    await site.machines.delete(name);
    await site.machines.untilGone(name);
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  });

  it("ends when the cluster gets controllers of its own, and does not start beside them", async () => {
    const deployments = `/apis/apps/v1/namespaces/${site.machines.name}/deployments`;
    const labels = { app: "own" };
    const running = await site.start();
    const ended = once(running, "exit");
    await site.untilReady();
    await site.kube.create(deployments, {
      metadata: { name: "machine-api-controllers" },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "main", image: "registry.example.com/own:1" }] } },
      },
    });
    expect(await ended).toEqual([3, null]);
    const said = "the cluster runs controllers of its own: Deployment openshift-machine-api/machine-api-controllers";
    expect(site.printed()).toContain(said);
    expect(await site.status()).not.toHaveProperty("lease");
    const next = await site.cli(["machine-controller", "run"]);
    expect([next.code, next.stderr]).toEqual([3, expect.stringContaining(said) as string]);
    expect(next.stderr).toContain("MACHINE_CONTROLLER_FOREIGN");
    expect((await site.kube.request("DELETE", `${deployments}/machine-api-controllers`)).status).toBe(200);
  });

  it("ends as a run that was stopped", async () => {
    const child = await site.start();
    await site.untilReady();
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect(await ended).toEqual([8, null]);
  });
});
