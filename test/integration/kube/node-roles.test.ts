import { chmod, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { cacheFolder } from "../../../setup/paths.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { machineFolder, type MachineFolder } from "../../helpers/machine-script.ts";

/** The script of the control-plane machines on a real API server, with nodes that registered themselves. */
const BIN = join(cacheFolder(), "bin");
const ROLE = "node-role.kubernetes.io/";

let cluster: KubeControlPlane;
let machine: MachineFolder;
const stop = new AbortController();
let ended: Promise<unknown> | undefined;

beforeAll(async () => {
  cluster = await startKubeControlPlane({ nodeRestriction: true });
  machine = await machineFolder();
  const folder = machine.path;
  await writeFile(join(folder, "kubeconfig"), cluster.kubeconfig, { mode: 0o600 });
  await writeFile(join(folder, "cluster.env"), "CONTROL_PLANE_MACHINES='c-master-0 c-master-1'\n");
  await machine.script("functions", "kubernetes/scripts/functions");
  await machine.command("check-api", "#!/bin/sh\n");
  await machine.script("node-roles", "kubernetes/scripts/node-roles", {
    "/usr/bin/kubectl": join(BIN, "kubectl"),
    "/etc/kubernetes/admin-loopback.kubeconfig": join(folder, "kubeconfig"),
    "/etc/virt-ipi/cluster.env": join(folder, "cluster.env"),
    "/usr/local/libexec/virt-ipi": join(folder, "bin"),
  });
  await chmod(join(folder, "bin/node-roles"), 0o755);
  const env = { PATH: [join(folder, "bin"), process.env["PATH"] ?? ""].join(delimiter) };
  // In a process group of its own, which ends with the script: the watch is a child of it.
  ended = run("setsid", ["--wait", "timeout", "1800", join(folder, "bin/node-roles")], { env, signal: stop.signal }).catch(() => undefined);
});

afterAll(async () => {
  await cluster?.dispose();
  stop.abort();
  await ended;
  await machine?.dispose();
});

async function rolesOf(name: string): Promise<readonly string[]> {
  const { metadata } = JSON.parse((await cluster.request("GET", `/api/v1/nodes/${name}`)).body) as { metadata: { labels?: Record<string, string> } };
  return Object.keys(metadata.labels ?? {})
    .filter((label) => label.startsWith(ROLE))
    .map((label) => label.slice(ROLE.length))
    .toSorted();
}

it.each<[what: string, name: string, labels: Record<string, string>, roles: readonly string[]]>([
  ["a control-plane machine", "c-master-0", {}, ["control-plane", "master"]],
  ["a worker", "c-worker-0", {}, ["worker"]],
  ["a worker that says it is a control-plane machine", "c-worker-1", { "virt-ipi.io/role": "master" }, ["worker"]],
  ["a control-plane machine that says it is a worker", "c-master-1", { "virt-ipi.io/role": "worker" }, ["control-plane", "master"]],
  ["a name that only begins like one", "c-master-00", { "virt-ipi.io/role": "master" }, ["worker"]],
  ["a name of a part of one", "master-0", {}, ["worker"]],
  ["a machine that came later", "c-worker-9", {}, ["worker"]],
])("gives its role by the plan to %s", async (_what, name, labels, roles) => {
  const kubelet = await cluster.issue({ commonName: `system:node:${name}`, organizations: ["system:nodes"] });
  await cluster.create("/api/v1/nodes", { metadata: { name, labels } }, kubelet);
  await expect.poll(() => rolesOf(name), { timeout: 300_000, interval: 200 }).toEqual(roles);
});
