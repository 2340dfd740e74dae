import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { pointerIgnition } from "../../../src/assets/pointer-ignition.ts";
import { MACHINE_CONTROLLER_USER } from "../../../src/config/machine-plan.ts";
import { endBesideForeign, refuseForeign } from "../../../src/installer/controller/foreign-controllers.ts";
import { renewPoolTokens } from "../../../src/installer/pool-tokens.ts";
import { connectKube, CORE_KINDS, type KubeClient } from "../../../src/kube/index.ts";
import { BESIDE_RULES, controllerRbac, renewalRules } from "../../../src/machines/program/rbac.ts";
import type { InstallerEvent } from "../../../src/events/index.ts";
import type { RbacRule } from "../../../src/providers/index.ts";
import { clusterFolder, type LoadedCluster } from "../../../src/stack/index.ts";
import { systemClock } from "../../../src/util/index.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { IDENTITY, makeSpec } from "../../unit/assets/spec.ts";

/** What is done beside the controllers in the Machine API's namespace, by the machine controller's own user on a real API server. */
const NAMESPACE = "openshift-machine-api";
const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const ROLE = `${RBAC}/namespaces/${NAMESPACE}/roles`;
const BINDINGS = `${RBAC}/namespaces/${NAMESPACE}/rolebindings`;
const DEPLOYMENTS = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
const SECRET = `/api/v1/namespaces/${NAMESPACE}/secrets/worker-user-data`;
const { signal } = new AbortController();

let kube: KubeControlPlane;
let client: KubeClient;
let root: string;
let name: string;
let all: readonly RbacRule[];

beforeAll(async () => {
  kube = await startKubeControlPlane();
  await kube.create("/api/v1/namespaces", { metadata: { name: NAMESPACE } });
  for (const { kind, ...object } of controllerRbac({ renewed: ["worker-user-data"] })) {
    if (kind === "RoleBinding") await kube.create(BINDINGS, object);
    if (kind !== "Role") continue;
    await kube.create(ROLE, object);
    ({ name } = object.metadata as { name: string });
    all = (object as unknown as { rules: readonly RbacRule[] }).rules;
  }
  client = await connectKube({ kubeconfig: await kube.kubeconfigOf({ commonName: MACHINE_CONTROLLER_USER }) });
  root = await mkdtemp(join(tmpdir(), "virt-ipi-beside-"));
  await writeFile(join(root, "worker.ign"), JSON.stringify(pointerIgnition(makeSpec(1, 1), "worker", "PEM", "endless")));
  await kube.create(`/api/v1/namespaces/${NAMESPACE}/secrets`, { metadata: { name: "worker-user-data" }, stringData: { userData: "none yet" } });
});
afterAll(async () => {
  client?.close();
  await kube?.dispose();
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => await permit(all));

/** Leaves these rules to the controller's user, for what the API server answers from now on. */
async function permit(rules: readonly RbacRule[]): Promise<void> {
  expect((await kube.request("PATCH", `${ROLE}/${name}`, { rules })).status).toBe(200);
}

const look = async (): Promise<void> => await refuseForeign(client, signal);

/** The Deployment by which a cluster has controllers of its own. */
async function makeForeign(): Promise<void> {
  const labels = { app: "own" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "main", image: "registry.example.com/own:1" }] } };
  await kube.create(DEPLOYMENTS, { metadata: { name: "machine-api-controllers" }, spec: { selector: { matchLabels: labels }, template } });
}

const renew = async (): Promise<void> => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const keys = { version: 1 as const, keys: { "machine-token": { privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString() } } };
  const cluster = { spec: makeSpec(1, 1), identity: IDENTITY, keys } as unknown as LoadedCluster;
  expect(await renewPoolTokens(client, cluster, { folder: clusterFolder(root), clock: systemClock, signal })).toEqual([]);
};

/** The rules, and what cannot be done without them. */
const NEEDED = [
  ...BESIDE_RULES.namespace.map((rule) => [rule, look] as const),
  ...renewalRules(["worker-user-data"]).map((rule) => [rule, renew] as const),
].map(([rule, act]) => [`${rule.verbs.join(", ")} ${rule.resources.join(", ")}`, rule, act] as const);

it.each(NEEDED)("cannot do without the permission: %s", async (_, rule, act) => {
  const others = all.filter((each) => JSON.stringify(each) !== JSON.stringify(rule));
  expect(others).toHaveLength(all.length - 1);
  await vi.waitFor(act, { timeout: 300_000, interval: 200 });
  await permit(others);
  await vi.waitFor(async () => await expect(act()).rejects.toMatchObject({ status: 403 }), { timeout: 300_000, interval: 200 });
});

it("warns when it may no longer look for the cluster's own controllers, and ends once it sees some", async () => {
  await vi.waitFor(look, { timeout: 300_000, interval: 200 });
  const stop = new AbortController();
  const warnings: string[] = [];
  // Each round looks at once, with a moment between: the limits of the test are not those of the controller.
  const clock = { ...systemClock, sleep: (_: number, until?: AbortSignal) => systemClock.sleep(100, until) };
  const reporter = { emit: (event: InstallerEvent) => void (event.type === "log" && event.level === "warning" && warnings.push(event.message)) };
  const ended = endBesideForeign(client, { clock, signal: stop.signal, reporter }).catch((error: unknown) => error);
  try {
    await permit([]);
    await expect.poll(() => warnings, { timeout: 300_000 }).toHaveLength(1);
    expect(warnings[0]).toMatch(/^it cannot be seen whether the cluster has controllers of its own: .*forbidden/);
    await permit(all);
    await vi.waitFor(look, { timeout: 300_000, interval: 200 });
    await makeForeign();
    expect(await ended).toMatchObject({ id: "MACHINE_CONTROLLER_FOREIGN" });
    expect(warnings).toHaveLength(1);
  } finally {
    stop.abort();
    await kube.request("DELETE", `${DEPLOYMENTS}/machine-api-controllers`);
  }
});

it("sees whether the cluster has controllers of its own, and no other Deployment", async () => {
  await vi.waitFor(look, { timeout: 300_000, interval: 200 });
  await expect(client.read(CORE_KINDS.deployments, { namespace: NAMESPACE, name: "another" }, signal)).rejects.toMatchObject({ status: 403 });
  await makeForeign();
  await expect(look()).rejects.toMatchObject({ id: "MACHINE_CONTROLLER_FOREIGN" });
});

it("writes the Secrets that it renews, and no other", async () => {
  await vi.waitFor(renew, { timeout: 300_000, interval: 200 });
  const { data } = JSON.parse((await kube.request("GET", SECRET)).body) as { data: { userData: string } };
  expect(Buffer.from(data.userData, "base64").toString()).toContain("Bearer");
  await kube.create(`/api/v1/namespaces/${NAMESPACE}/secrets`, { metadata: { name: "another" } });
  await expect(client.patch(CORE_KINDS.secrets, { namespace: NAMESPACE, name: "another" }, { data: {} }, signal)).rejects.toMatchObject({
    status: 403,
  });
});
