import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../../../src/installer/context.ts";
import { installComplete } from "../../../src/installer/phases/install-complete.ts";
import { endRehearsal } from "../../../src/installer/rehearsal-state.ts";
import { connectKube } from "../../../src/kube/index.ts";
import type { Machine, MachineSet } from "../../../src/machines/index.ts";
import { clusterFolder } from "../../../src/stack/index.ts";
import { systemClock } from "../../../src/util/index.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { createDefinitions, MachineNamespace } from "../../helpers/machine-api.ts";

/** What `create cluster`, `resume` and `scale` do with a set whose rehearsal was interrupted, on a real API server. */

let kube: KubeControlPlane;
let machines: MachineNamespace;
let root: string;

beforeAll(async () => {
  kube = await startKubeControlPlane();
  await createDefinitions(kube);
  machines = await MachineNamespace.create(kube, "openshift-machine-api");
  root = await mkdtemp(join(tmpdir(), "virt-ipi-left-"));
  const { kubeconfig } = clusterFolder(root);
  await mkdir(dirname(kubeconfig), { recursive: true });
  await writeFile(kubeconfig, kube.kubeconfig);
});
afterAll(async () => {
  await kube?.dispose();
  await rm(root, { recursive: true, force: true });
});

/** A set as an interrupted rehearsal leaves it: its number is given back, and a controller has seen that. */
async function interrupted(name: string, deletePolicy: string | undefined): Promise<void> {
  await machines.createMachineSet(name, 1);
  const annotations = { "virt-ipi.io/rehearsal": JSON.stringify({ replicas: 1, machines: [`${name}-a`], deletePolicy }) };
  await machines.patch(machines.path("machinesets", name), { metadata: { annotations }, spec: { deletePolicy: "Newest" } });
  const { metadata } = await read(name);
  await machines.patch(`${machines.path("machinesets", name)}/status`, { status: { observedGeneration: metadata.generation, replicas: 1 } });
}

const read = async (name: string): Promise<MachineSet & { readonly metadata: { readonly generation: number } }> =>
  JSON.parse((await kube.request("GET", machines.path("machinesets", name))).body) as Awaited<ReturnType<typeof read>>;

/** Runs the phase in which the compute machines are there. @returns what it says */
async function complete(machineManagement: string): Promise<readonly string[]> {
  const said: string[] = [];
  await installComplete.run({
    folder: clusterFolder(root),
    redactor: { add: () => undefined },
    clock: systemClock,
    signal: new AbortController().signal,
    reporter: { emit: (event: { message?: string }) => void said.push(event.message ?? "") },
    update: { reach: () => Promise.resolve() },
    cluster: { spec: { machineManagement } },
  } as unknown as Context);
  return said;
}

it("is given back its policy, whichever that was", async () => {
  await interrupted("random", "Random");
  await interrupted("unsaid", undefined);
  expect(await complete("Installer")).toEqual([]);
  expect((await read("random")).spec.deletePolicy).toBe("Newest");
  expect(await complete("MachineSets")).toEqual([
    "MachineSet random has the deletePolicy of before its rehearsal again",
    "MachineSet unsaid has the deletePolicy of before its rehearsal again",
  ]);
  expect((await read("random")).spec.deletePolicy).toBe("Random");
  expect((await read("unsaid")).spec.deletePolicy ?? "none").not.toBe("Newest");
  expect(await complete("MachineSets")).toEqual([]);
});

describe("a set that is scaled", () => {
  const MARK = "machine.openshift.io/delete-machine";
  const marks = async (name: string): Promise<readonly (string | undefined)[]> =>
    Promise.all(
      ["a", "b"].map(async (letter) => {
        const { body } = await kube.request("GET", machines.path("machines", `${name}-${letter}`));
        return (JSON.parse(body) as Machine).metadata.annotations?.[MARK];
      }),
    );
  const scale = async (name: string, replicas: number): Promise<void> => {
    const client = await connectKube({ kubeconfig: kube.kubeconfig });
    try {
      await endRehearsal(client, await read(name), replicas, new AbortController().signal);
    } finally {
      client.close();
    }
  };
  const begin = async (name: string): Promise<void> => {
    await interrupted(name, "Oldest");
    const labels = { "machine.openshift.io/cluster-api-machineset": name };
    await machines.createMachine(`${name}-a`, {}, { labels, annotations: { [MARK]: "by somebody" } });
    await machines.createMachine(`${name}-b`, {}, { labels, annotations: { [MARK]: "rehearsal" } });
  };

  it("up keeps the machine that its rehearsal added", async () => {
    await begin("up");
    await scale("up", 2);
    const { metadata, spec } = await read("up");
    expect([metadata.annotations?.["virt-ipi.io/rehearsal"], spec.deletePolicy]).toEqual([undefined, "Oldest"]);
    expect(await marks("up")).toEqual(["by somebody", undefined]);
  });

  it("to what it had before still loses that machine first", async () => {
    await begin("down");
    await scale("down", 1);
    const { metadata, spec } = await read("down");
    expect([metadata.annotations?.["virt-ipi.io/rehearsal"], spec.deletePolicy]).toEqual([expect.any(String), "Newest"]);
    expect(await marks("down")).toEqual(["by somebody", "rehearsal"]);
  });
});
