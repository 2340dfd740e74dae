import { expect, it } from "vitest";
import type { ClusterSpec } from "../../../src/config/index.ts";
import { checkVirtualizationMemory } from "../../../src/providers/preflight/virtualization-memory.ts";
import { kvmCluster } from "../../helpers/kvm-cluster.ts";

const { spec: base } = kvmCluster();
const virtualization = {} as NonNullable<ClusterSpec["virtualization"]>;

/** @param more of the cluster */
function spec(controlPlane: number, compute: number, more: Partial<ClusterSpec> = {}): ClusterSpec {
  const [worker] = base.pools.compute;
  if (worker === undefined) throw new Error("the cluster has no compute pool");
  const pools = { controlPlane: { ...base.pools.controlPlane, memoryMB: controlPlane }, compute: [{ ...worker, memoryMB: compute }] };
  return { ...base, pools, virtualization, ...more };
}

it.each([
  ["a cluster without virtualization", { ...base, pools: spec(1024, 1024).pools }, "skipped", /no virtualization/],
  ["OpenShift", spec(1024, 1024, { distribution: "okd" }), "ok", /OpenShift/],
  ["large machines", spec(8192, 8192), "ok", /worker has 8192 MiB/],
  ["a small compute machine", spec(8192, 1536), "warning", /^worker has 1536 MiB, \d+ less/],
  ["a small control plane", spec(2560, 8192), "warning", /^master has 2560 MiB, \d+ less/],
] as const)("judges %s", async (_, cluster, outcome, found) => {
  expect(await checkVirtualizationMemory({ spec: cluster })).toMatchObject({ outcome, found: expect.stringMatching(found) as string });
});

it("names a size that it then is content with", async () => {
  const { fix = "" } = await checkVirtualizationMemory({ spec: spec(1024, 1024) });
  const [master, worker] = ["master", "worker"].map((name) => Number(new RegExp(`(\\d+) for ${name}`).exec(fix)?.[1]));
  expect(await checkVirtualizationMemory({ spec: spec(master ?? 0, worker ?? 0) })).toMatchObject({ outcome: "ok" });
  expect(await checkVirtualizationMemory({ spec: spec((master ?? 0) - 1, worker ?? 0) })).toMatchObject({ outcome: "warning" });
});
