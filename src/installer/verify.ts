import { InstallerError } from "../errors/index.ts";
import { isAccelerated, isBad, runSmokeTest, type SmokeStep, type Verification, verify as lookAt, verifyTable } from "../virtualization/index.ts";
import { connectObjects, explainApiError, type ObjectClient } from "../kube/index.ts";
import { readCluster } from "../stack/index.ts";
import { oneLine, readTextIfExists } from "../util/index.ts";
import { warnOnce } from "./config-warnings.ts";
import type { World } from "./context.ts";

export interface VerifyOptions {
  /** Also make a virtual machine. */
  readonly vm: boolean;
  /** containerDisk of that machine. */
  readonly image?: string | undefined;
}

const IMAGE = "quay.io/containerdisks/fedora:latest";
const EMULATED = 4;

/**
 * Tells how every component of virtualization is, and with `vm` whether a machine runs. Writes nothing into the cluster folder.
 * @throws InstallerError VIRT_NOT_WANTED, CLUSTER_UNKNOWN, KUBE_UNREACHABLE; after the result VIRT_VERIFY_FAILED, VIRT_SMOKE_TEST_FAILED
 */
export async function verify(world: World, options: VerifyOptions): Promise<void> {
  const { folder, clock, signal, reporter, redactor } = world;
  const { spec } = await readCluster(folder, warnOnce(world));
  const { virtualization, distribution } = spec;
  if (virtualization === undefined) throw new InstallerError("VIRT_NOT_WANTED", `${folder.installConfig} asks for no virtualization`);
  const kubeconfig = await readTextIfExists(folder.kubeconfig);
  if (kubeconfig === undefined) throw new InstallerError("CLUSTER_UNKNOWN", `there is no ${folder.kubeconfig}`, { value: folder.kubeconfig });
  redactor.add(kubeconfig);
  const client = await connectObjects({ kubeconfig });
  try {
    const found = await lookAt(client, { spec: virtualization, distribution }, { clock, signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new InstallerError("KUBE_UNREACHABLE", explainApiError(error), { value: client.server });
    });
    const steps = options.vm ? await smoke(client, world, options, found) : undefined;
    const { rows, causes } = found;
    const parts = [verifyTable(rows, causes), ...(steps === undefined ? [] : [stepsText(steps)]), byHand(folder.kubeconfig)];
    reporter.emit({ type: "result", text: parts.join("\n\n"), data: { rows, causes, ...(steps === undefined ? {} : { smokeTest: steps }) } });
    judge(found, steps);
  } finally {
    client.close();
  }
}

async function smoke(client: ObjectClient, world: World, { image }: VerifyOptions, { rows }: Verification): Promise<readonly SmokeStep[]> {
  const { clock, signal, reporter, entropy } = world;
  return await runSmokeTest(client, {
    namespace: `virt-ipi-verify-${Buffer.from(entropy(4)).toString("hex")}`,
    image: image ?? IMAGE,
    storage: rows.some(({ kind, state }) => kind === "StorageClass" && state === "ok"),
    patience: isAccelerated(rows) ? 1 : EMULATED,
    clock,
    signal,
    onStep: ({ id, outcome, found }) =>
      reporter.emit({ type: "log", level: outcome === "failed" ? "error" : "info", message: `${id}: ${outcome}: ${found}` }),
    onWait: (step, reason, elapsedMs) => reporter.emit({ type: "waiting", subject: `smoke test, ${step}`, reason, elapsedMs }),
  });
}

function stepsText(steps: readonly SmokeStep[]): string {
  const width = Math.max(...steps.map(({ title }) => title.length));
  return [
    "SMOKE TEST",
    ...steps.map(({ title, outcome, durationMs, found }) =>
      `${title.padEnd(width)}  ${(outcome === "failed" ? "FAILED" : outcome).padEnd(7)}  ${`${(durationMs / 1_000).toFixed(1)} s`.padStart(8)}  ${oneLine(found)}`.trimEnd(),
    ),
  ].join("\n");
}

const byHand = (kubeconfig: string): string =>
  [
    "To look by hand:",
    `  export KUBECONFIG=${kubeconfig}`,
    "  kubectl get vm,vmi,dv -A",
    "  virtctl start|stop|restart|migrate VM    virtctl console VM    virtctl guestosinfo VM",
  ].join("\n");

function judge({ rows }: Verification, steps: readonly SmokeStep[] | undefined): void {
  const bad = rows.filter(isBad);
  if (bad.length > 0)
    throw new InstallerError(
      "VIRT_VERIFY_FAILED",
      `${bad.length} of ${rows.filter(({ state }) => state !== "absent").length} components are not well`,
      {
        value: bad.map(({ component }) => component).join(", "),
      },
    );
  const failed = (steps ?? []).filter(({ outcome }) => outcome === "failed");
  if (failed.length > 0)
    throw new InstallerError("VIRT_SMOKE_TEST_FAILED", failed.map(({ title, found }) => `${title}: ${found}`).join("; "), {
      value: failed.map(({ id }) => id).join(", "),
    });
}
