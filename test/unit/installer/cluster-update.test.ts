import { describe, expect, it } from "vitest";
import { InstallerError } from "../../../src/errors/index.ts";
import { ClusterUpdate } from "../../../src/installer/cluster-update.ts";
import type { Step, UpdateResult } from "../../../src/stack/index.ts";

/** An update whose steps the test makes itself. */
function controlled() {
  const { promise, resolve, reject } = Promise.withResolvers<UpdateResult>();
  let tell: (step: Step) => void = () => undefined;
  const limit = new AbortController();
  limit.signal.addEventListener("abort", () => reject(limit.signal.reason as Error));
  const driver = {
    up: (_program: unknown, onStep?: (step: Step) => void) => {
      tell = onStep ?? tell;
      return promise;
    },
  };
  const update = new ClusterUpdate(driver, () => Promise.resolve({}), true, limit);
  const step = (type: string, status: Step["status"]): void =>
    tell({ urn: `urn:pulumi:s::p::${type}::x`, name: "x", type, operation: "create", status, real: true });
  return { update, step, resolve, reject };
}

const pending = async (promise: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([promise.then(() => "settled"), Promise.resolve("pending")])) === "pending";

describe("ClusterUpdate", () => {
  it("reaches the infrastructure when the wait begins, bootstrapping when it ends, the rest with the update", async () => {
    const { update, step, resolve } = controlled();
    step("virt-ipi:kvm:Machine", "done");
    expect(await pending(update.reach("infrastructure"))).toBe(true);
    step("virt-ipi:cluster:BootstrapComplete", "started");
    await update.reach("infrastructure");
    expect(await pending(update.reach("bootstrap"))).toBe(true);
    step("virt-ipi:cluster:BootstrapComplete", "done");
    await update.reach("bootstrap");
    step("virt-ipi:cluster:InstallComplete", "started");
    expect(await pending(update.reach("install"))).toBe(true);
    step("virt-ipi:cluster:InstallComplete", "done");
    await update.reach("install");
    resolve({ changes: { create: 3 } });
    expect(await update.result()).toMatchObject({ changes: { create: 3 } });
  });

  it("gives a failure to the phase that waits", async () => {
    const { update, step, reject } = controlled();
    step("virt-ipi:cluster:BootstrapComplete", "started");
    step("virt-ipi:cluster:BootstrapComplete", "failed");
    reject(new InstallerError("GUEST_PANIC", "x"));
    await update.reach("infrastructure");
    await expect(update.reach("bootstrap")).rejects.toMatchObject({ id: "GUEST_PANIC" });
  });

  it("stops the update when the infrastructure takes too long", async () => {
    const { update } = controlled();
    await expect(update.reach("infrastructure", 10)).rejects.toMatchObject({ id: "RESOURCE_TIMEOUT" });
    await expect(update.result()).rejects.toMatchObject({ id: "RESOURCE_TIMEOUT" });
  });
});
