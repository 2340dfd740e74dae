import { InstallerError } from "../errors/index.ts";
import { isAccelerated, isBad, runSmokeTest, type SmokeStep, type Verification, verify as lookAt } from "../virtualization/index.ts";
import { explainApiError, type KubeClient } from "../kube/index.ts";
import { readCluster } from "../stack/index.ts";
import { withAdminClient } from "./admin-client.ts";
import { warnOnce } from "./config-warnings.ts";
import type { World } from "./context.ts";

export interface VerifyOptions {
  /** Also make a virtual machine. */
  readonly vm: boolean;
  /** containerDisk of that machine. */
  readonly image?: string | undefined;
  /** What its guest writes on the console by itself: one without cloud-init and guest agent. */
  readonly console?: string | undefined;
}

const IMAGE = "quay.io/containerdisks/fedora:latest";
const EMULATED = 4;

export interface Verified extends Verification {
  /** Absent where none was asked for. */
  readonly smokeTest?: readonly SmokeStep[];
  /** Path of the file, for looking by hand. */
  readonly kubeconfig: string;
}

/**
 * Looks how every component of virtualization is, and with `vm` whether a machine runs. Writes nothing into the cluster folder. What is not
 * well is a result: see `refuseUnwell`.
 * @throws InstallerError VIRT_NOT_WANTED, CLUSTER_UNKNOWN, KUBE_UNREACHABLE
 */
export async function verify(world: World, options: VerifyOptions): Promise<Verified> {
  const { folder, clock, signal } = world;
  const { spec } = await readCluster(folder, { env: world.env, onWarning: warnOnce(world) });
  const { virtualization, distribution } = spec;
  if (virtualization === undefined) throw new InstallerError("VIRT_NOT_WANTED", `${folder.installConfig} asks for no virtualization`);
  return await withAdminClient(world, async (client) => {
    const found = await lookAt(client, { spec: virtualization, distribution }, { clock, signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new InstallerError("KUBE_UNREACHABLE", explainApiError(error), { value: client.server });
    });
    return { ...found, ...(options.vm ? { smokeTest: await smoke(client, world, options, found) } : {}), kubeconfig: folder.kubeconfig };
  });
}

async function smoke(client: KubeClient, world: World, { image, console }: VerifyOptions, { rows }: Verification): Promise<readonly SmokeStep[]> {
  const { clock, signal, reporter, entropy } = world;
  return await runSmokeTest(client, {
    namespace: `virt-ipi-verify-${Buffer.from(entropy(4)).toString("hex")}`,
    guest: { image: image ?? IMAGE, console },
    noDisks: noDisks(rows),
    patience: isAccelerated(rows) ? 1 : EMULATED,
    clock,
    signal,
    onStep: ({ id, outcome, found }) =>
      reporter.emit({ type: "log", level: outcome === "failed" ? "error" : "info", message: `${id}: ${outcome}: ${found}` }),
    onWait: (step, reason, elapsedMs) => reporter.emit({ type: "waiting", subject: `smoke test, ${step}`, reason, elapsedMs }),
  });
}

function noDisks(rows: Verification["rows"]): string | undefined {
  if (!rows.some(({ group }) => group === "CDI")) return "there is no CDI, which imports disks";
  return rows.some(({ kind, state }) => kind === "StorageClass" && state === "ok") ? undefined : "there is no default StorageClass";
}

/** @throws InstallerError VIRT_VERIFY_FAILED, VIRT_SMOKE_TEST_FAILED where something is not well */
export function refuseUnwell({ rows, smokeTest }: Verified): void {
  const bad = rows.filter(isBad);
  if (bad.length > 0)
    throw new InstallerError(
      "VIRT_VERIFY_FAILED",
      `${bad.length} of ${rows.filter(({ state }) => state !== "absent").length} components are not ready`,
      {
        value: bad.map(({ component }) => component).join(", "),
      },
    );
  const failed = (smokeTest ?? []).filter(({ outcome }) => outcome === "failed");
  if (failed.length > 0)
    throw new InstallerError("VIRT_SMOKE_TEST_FAILED", failed.map(({ title, found }) => `${title}: ${found}`).join("; "), {
      value: failed.map(({ id }) => id).join(", "),
    });
}
