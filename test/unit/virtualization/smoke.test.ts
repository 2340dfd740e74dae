import { beforeEach, describe, expect, it } from "vitest";
import { InstallerError } from "../../../src/errors/index.ts";
import { runSmokeTest, type SmokeStep } from "../../../src/virtualization/index.ts";
import { virtualMachine } from "../../../src/virtualization/smoke/objects.ts";
import { condition, type FakeCluster, healthyCluster } from "../../helpers/virtualization.ts";
import { FakeClock } from "../kube/fixtures.ts";

const NAMESPACE = "virt-ipi-verify-0a0b0c0d";

let cluster: FakeCluster;
let clock: FakeClock;
beforeEach(() => {
  cluster = healthyCluster();
  clock = new FakeClock();
});

/** One that runs, as what stands behind its name @param uid of the instance */
function instance(name: string, uid: string): void {
  const conditions = [condition("Ready", "True"), condition("AgentConnected", "True"), condition("LiveMigratable", "True")];
  const status = {
    phase: "Running",
    nodeName: "worker-0",
    conditions,
    interfaces: [{ ipAddress: "10.128.0.9" }],
    guestOSInfo: { prettyName: "Fedora Linux 42" },
  };
  cluster.put("virtualMachineInstances", name, { metadata: { uid }, status }, NAMESPACE);
}

/** The operators' part: what is asked for comes about. */
function operators(): void {
  cluster.onWrite = (write) => {
    const [verb, kind, name = ""] = write.split(" ");
    const object = name.split("/").at(-1) ?? "";
    if (`${verb} ${kind}` === "remove VirtualMachineInstance") return void instance(object, "2");
    if (verb !== "apply") return;
    if (kind === "VirtualMachine") {
      instance(object, "1");
      cluster.put("pods", "virt-launcher-x", { metadata: { labels: { "vm.kubevirt.io/name": object } }, status: { phase: "Running" } }, NAMESPACE);
      cluster.texts[`/api/v1/namespaces/${NAMESPACE}/pods/virt-launcher-x/log`] = `booting\nvirt-ipi smoke test in ${NAMESPACE}: the guest is up\n`;
    }
    if (kind === "DataVolume") cluster.put("dataVolumes", object, { status: { phase: "Succeeded", progress: "100.0%" } }, NAMESPACE);
    if (kind === "VirtualMachineInstanceMigration") {
      cluster.put("migrations", object, { status: { phase: "Succeeded" } }, NAMESPACE);
      cluster.change("virtualMachineInstances", object, {
        status: { phase: "Running", nodeName: "worker-1", migrationState: { sourceNode: "worker-0", targetNode: "worker-1" } },
      });
    }
  };
}

const run = (more: object = {}): Promise<readonly SmokeStep[]> =>
  runSmokeTest(cluster.client(), {
    namespace: NAMESPACE,
    guest: { image: "quay.io/containerdisks/fedora:latest" },
    noDisks: undefined,
    patience: 1,
    clock,
    ...more,
  });
const outcomes = (steps: readonly SmokeStep[]): string[] => steps.map(({ id, outcome }) => `${id} ${outcome}`);

describe("the smoke test", () => {
  it("boots, speaks, imports, clones and migrates, and leaves nothing", async () => {
    operators();
    const steps = await run();
    expect(outcomes(steps)).toEqual([
      "node ok",
      "boot ok",
      "console ok",
      "guest-agent ok",
      "restart ok",
      "import ok",
      "clone ok",
      "migration ok",
      "clean-up ok",
    ]);
    expect(steps.find(({ id }) => id === "boot")?.found).toBe("on worker-0, 10.128.0.9");
    expect(steps.find(({ id }) => id === "migration")?.found).toBe("from worker-0 to worker-1");
    expect(cluster.objects.namespaces?.some(({ metadata }) => metadata?.name === NAMESPACE)).toBe(false);
    expect(cluster.writes.slice(-2)).toEqual([`remove VirtualMachine ${NAMESPACE}/smoke-test`, `remove Namespace ${NAMESPACE}`]);
  });

  it("skips what builds on a machine that does not boot, tells why, and cleans up", async () => {
    cluster.onWrite = (write) => {
      if (write.startsWith("apply VirtualMachine "))
        cluster.put(
          "virtualMachines",
          "smoke-test",
          { status: { printableStatus: "ErrImagePull", conditions: [condition("Ready", "False", "", "manifest unknown")] } },
          NAMESPACE,
        );
    };
    const steps = await run();
    expect(outcomes(steps)).toEqual([
      "node ok",
      "boot failed",
      "console skipped",
      "guest-agent skipped",
      "restart skipped",
      "import skipped",
      "clone skipped",
      "migration skipped",
      "clean-up ok",
    ]);
    expect(steps[1]?.found).toBe("the machine is ErrImagePull: manifest unknown");
  });

  it("runs out of time with the last cause", async () => {
    cluster.onWrite = (write) => {
      if (write.startsWith("apply VirtualMachine "))
        cluster.put(
          "virtualMachines",
          "smoke-test",
          { status: { printableStatus: "ErrorUnschedulable", conditions: [condition("Ready", "False", "", "0/2 nodes are available")] } },
          NAMESPACE,
        );
    };
    const [, boot] = await run();
    expect(boot).toMatchObject({
      outcome: "failed",
      durationMs: 600_000,
      found: "not within 600 s: the machine is ErrorUnschedulable: 0/2 nodes are available",
    });
  });

  it("says why there is no migration, and imports nothing without storage", async () => {
    operators();
    cluster.remove("nodes", "worker-1");
    const steps = await run({ noDisks: "there is no default StorageClass" });
    expect(steps.find(({ id }) => id === "migration")).toMatchObject({ outcome: "skipped", found: expect.stringContaining("it takes two") });
    expect(steps.find(({ id }) => id === "import")).toMatchObject({ outcome: "skipped", found: "there is no default StorageClass" });
    expect(steps.find(({ id }) => id === "clone")).toMatchObject({ outcome: "skipped" });
  });

  /** A migration whose other pod is as KubeVirt 1.7 and Kubernetes 1.34 leave it. */
  const heldBy = (spec: object, status: object): void => {
    operators();
    const { onWrite } = cluster;
    cluster.onWrite = (write) => {
      if (!write.startsWith("apply VirtualMachineInstanceMigration")) return void onWrite(write);
      cluster.put("migrations", "smoke-test", { status: { phase: "Scheduling" } }, NAMESPACE);
      const metadata = { labels: { "vm.kubevirt.io/name": "smoke-test" } };
      cluster.put("pods", "virt-launcher-y", { metadata, spec, status: { phase: "Pending", ...status } }, NAMESPACE);
    };
  };
  const nowhere = "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match Pod's node affinity/selector.";
  const unscheduled = { conditions: [condition("PodScheduled", "False", "Unschedulable", nowhere)] };
  const pull = { image: "localhost/boot-sector@sha256:0a", state: { waiting: { reason: "ImagePullBackOff", message: "no such host" } } };

  it.each([
    [
      "the processor of its node",
      { nodeSelector: { "kubevirt.io/schedulable": "true", "cpu-model-migration.node.kubevirt.io/qemu64": "true" } },
      unscheduled,
      "no node takes over machines of the processor qemu64: name another cpuModel in the KubeVirt resource's configuration",
    ],
    ["the nodes", { nodeSelector: { "kubevirt.io/schedulable": "true" } }, unscheduled, `fits on no node: ${nowhere.slice(0, -1)}`],
    ["its image", {}, { initContainerStatuses: [pull] }, "cannot pull localhost/boot-sector@sha256:0a: no such host"],
  ])("says when a migration is held by %s", async (_, spec, status, why) => {
    heldBy(spec, status);
    const steps = await run();
    expect(steps.find(({ id }) => id === "migration")).toMatchObject({
      outcome: "failed",
      found: `not within 600 s: the migration is Scheduling: ${why}`,
    });
  });

  it("waits for what a guest writes by itself, and for no agent in it", async () => {
    operators();
    const guest = { image: "localhost/boot-sector:1", console: "booting" };
    const steps = await run({ guest });
    expect(steps.find(({ id }) => id === "console")).toMatchObject({ outcome: "ok", found: "booting" });
    expect(steps.find(({ id }) => id === "guest-agent")).toMatchObject({ outcome: "skipped" });
    expect(JSON.stringify(virtualMachine(NAMESPACE, guest))).not.toMatch(/cloud/i);
  });

  it("takes a machine that never stopped for none that was restarted", async () => {
    operators();
    const { onWrite } = cluster;
    cluster.onWrite = (write) => {
      if (write.startsWith("remove VirtualMachineInstance")) instance("smoke-test", "1");
      else onWrite(write);
    };
    const steps = await run();
    expect(steps.find(({ id }) => id === "restart")).toMatchObject({
      outcome: "failed",
      found: expect.stringContaining("has not stopped") as string,
    });
  });

  it("cleans up also when it is interrupted", async () => {
    const controller = new AbortController();
    clock.at(20_000, () => controller.abort(new InstallerError("INTERRUPTED", "stop")));
    await expect(run({ signal: controller.signal })).rejects.toMatchObject({ id: "INTERRUPTED" });
    expect(cluster.writes).toContain(`remove Namespace ${NAMESPACE}`);
  });
});
