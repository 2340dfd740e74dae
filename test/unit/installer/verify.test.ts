import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { verifiedText } from "../../../src/cli/render/verify.ts";
import { Redactor } from "../../../src/events/index.ts";
import { refuseUnwell, verify, type World } from "../../../src/installer/index.ts";
import { clusterFolder } from "../../../src/stack/index.ts";
import { systemClock } from "../../../src/util/index.ts";
import { serveCluster, type FakeApi } from "../../helpers/virtualization-api.ts";
import { daemonSet, deployment, type FakeCluster, healthyCluster, NS } from "../../helpers/virtualization.ts";
import { kvm, yamlOf } from "../config/verdicts/support.ts";

let cluster: FakeCluster;
let api: FakeApi;
let root: string;
let world: World;

beforeAll(async () => {
  api = await serveCluster(() => cluster);
});
afterAll(() => api?.close());
beforeEach(async () => {
  cluster = healthyCluster();
  cluster.put("daemonSets", "multus", daemonSet(2, 2), NS);
  root = await mkdtemp(`${tmpdir()}/virt-ipi-verify-`);
  await mkdir(`${root}/auth`);
  await writeFile(`${root}/auth/kubeconfig`, api.kubeconfig);
  await config({
    source: "OLM",
    storage: { storageClass: "hostpath-local" },
    catalogSource: { name: "community-operators", namespace: "openshift-marketplace" },
  });
  world = {
    folder: clusterFolder(root),
    reporter: { emit: () => undefined },
    redactor: new Redactor(),
    clock: systemClock,
    entropy: (size) => new Uint8Array(size),
    run: () => Promise.reject(new Error("no programs here")),
    env: {},
    signal: new AbortController().signal,
    version: "0.0.1",
  };
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const config = (virtualization: unknown): Promise<void> => writeFile(`${root}/install-config.yaml`, yamlOf(kvm, { virtualization }));

describe("verify", () => {
  it("tells of every component, and how to look by hand", async () => {
    const found = await verify(world, { vm: false });
    const text = verifiedText(found);
    expect(text).toMatch(/virt-handler .* DaemonSet .* 2\/2 .* ok/);
    expect(text).toContain("components, all ready");
    expect(text).toContain("virtctl console VM");
    expect(found).toMatchObject({
      rows: expect.arrayContaining([expect.objectContaining({ component: "virt-api", state: "ok", ready: "2/2" })]),
      causes: [],
    });
    expect(found).not.toHaveProperty("smokeTest");
  });

  it("ends with the class of the operators when something is not well, after it has told what", async () => {
    cluster.put("deployments", "virt-api", deployment(0, 2), NS);
    const found = await verify(world, { vm: false });
    expect(() => refuseUnwell(found)).toThrow(expect.objectContaining({ id: "VIRT_VERIFY_FAILED", exitCode: 7, value: "virt-api" }) as Error);
    expect(verifiedText(found)).toMatch(/virt-api .* 0\/2 .* WAITING/);
  });

  it("says what it lacks", async () => {
    await rm(`${root}/auth/kubeconfig`);
    await expect(verify(world, { vm: false })).rejects.toMatchObject({ id: "CLUSTER_UNKNOWN" });
    await writeFile(`${root}/auth/kubeconfig`, api.kubeconfig.replace(/127\.0\.0\.1:\d+/, "127.0.0.1:1"));
    await expect(verify(world, { vm: false })).rejects.toMatchObject({ id: "KUBE_UNREACHABLE", message: expect.stringContaining("refused") });
    await config({ enabled: false });
    await expect(verify(world, { vm: false })).rejects.toMatchObject({ id: "VIRT_NOT_WANTED" });
  });
});
