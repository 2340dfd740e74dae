import { join } from "node:path";
import { clusterMachineIgnition, MACHINE_CONTROLLER_KUBECONFIG, machineTokens } from "../assets/index.ts";
import { isAutoscaled } from "../config/index.ts";
import { InstallerError, messageOf } from "../errors/index.ts";
import { connectKube, repeat, watch, type KubeClient, type Look } from "../kube/index.ts";
import { MACHINE_KINDS, NAMESPACE, runControllers, startActuatorServer, tendMachines, type EndedCall } from "../machines/index.ts";
import type { Actuator, Platform } from "../providers/index.ts";
import type { LoadedCluster } from "../stack/index.ts";
import { readTextIfExists, writeFileAtomic } from "../util/index.ts";
import type { World } from "./context.ts";
import { endBesideForeign, refuseForeign } from "./controller/foreign-controllers.ts";
import { RecordingReporter } from "./controller/record.ts";
import { makeRuntimeFolder, type RuntimeFolder } from "./controller/runtime-folder.ts";
import { loadMachineSetsCluster, machineSetsOff } from "./machine-sets-cluster.ts";
import { machineCallText } from "./machine-calls.ts";
import { approveMachineCertificates } from "./machine-certificates.ts";
import { firstPoolTokens, hasPoolTokens, keepPoolTokens } from "./pool-tokens.ts";

/** Machines that are created side by side: each writes a disk. */
const MAX_CREATES = 4;
const LOOK_MS = 3_000;
const GRACE_MS = 30_000;

/** The controller of a folder's cluster, until the signal. @throws InstallerError CLUSTER_UNKNOWN, MACHINE_SETS_OFF, MACHINE_API_MISSING, the signal's reason */
export async function machineController(world: World): Promise<never> {
  return await runMachineController(world, await loadMachineSetsCluster(world));
}

/**
 * Creates and removes the machines that the cluster asks for, and approves their certificates, until the signal is aborted. It may start
 * before the cluster does. Of several that run for a cluster one acts.
 * @throws InstallerError MACHINE_SETS_OFF, MACHINE_API_MISSING, ACTUATOR_SOCKET, the signal's reason
 */
export async function runMachineController(
  world: Pick<World, "folder" | "clock" | "env" | "run" | "signal" | "reporter" | "redactor" | "version">,
  cluster: Pick<LoadedCluster, "spec" | "identity" | "machines" | "platform" | "metadata" | "keys">,
): Promise<never> {
  const { clock, env, run } = world;
  const { identity, metadata, platform, spec, keys } = cluster;
  if (spec.machineManagement !== "MachineSets" || !createsMachines(platform) || keys === undefined) throw machineSetsOff(spec);
  const kubeconfig = await readTextIfExists(join(world.folder.root, MACHINE_CONTROLLER_KUBECONFIG));
  if (kubeconfig === undefined)
    throw new InstallerError("CLUSTER_UNKNOWN", `there is no ${MACHINE_CONTROLLER_KUBECONFIG}`, { value: world.folder.root });
  const auth = { tokens: machineTokens(keys, "machine-token", identity), pools: new Set(spec.pools.compute.map(({ name }) => name)) };
  const actuator = await platform.actuator?.({
    run,
    env,
    infraID: identity.infraID,
    metadata,
    clock,
    start: (userData, machine) => clusterMachineIgnition(userData, machine, auth),
  });
  const own = await makeRuntimeFolder(identity.infraID, env);
  try {
    const reporter = await RecordingReporter.open(world, own);
    await writeFileAtomic(own.kubeconfig, kubeconfig);
    return await serve({ ...world, reporter }, cluster, { own, actuator, kubeconfig }).finally(async () => await reporter.written());
  } finally {
    await own.remove();
  }
}

interface Serving {
  readonly own: RuntimeFolder;
  /** Absent where the controllers make machines themselves. */
  readonly actuator: Actuator | undefined;
  readonly kubeconfig: string;
}

/** Whether anything makes machines of the platform that the cluster asks for. */
export const createsMachines = ({ actuator, ownController }: Platform): boolean => actuator !== undefined || ownController !== undefined;

/** The actuator's socket, the controllers, the certificates, and tokens: whichever fails first ends the others. */
async function serve(
  world: Pick<World, "clock" | "env" | "signal" | "reporter" | "folder">,
  cluster: Pick<LoadedCluster, "spec" | "machines" | "identity" | "platform" | "keys">,
  { own, actuator, kubeconfig }: Serving,
): Promise<never> {
  const { clock, env, signal, reporter } = world;
  const { actuatorSocket, statusSocket } = own;
  const onCall = (call: EndedCall): void => report(call, reporter);
  const server =
    actuator === undefined ? undefined : await startActuatorServer({ actuator, socketPath: actuatorSocket, maxCreates: MAX_CREATES, clock, onCall });
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  try {
    const client = await machineApiOf(kubeconfig, world);
    try {
      await refuseForeign(client, signal);
      const withTokens = hasPoolTokens(cluster);
      if (withTokens) await firstPoolTokens(client, cluster, world);
      const { ownController } = cluster.platform;
      const { trustBundle } = world.folder;
      const controllers = runControllers({
        kubeconfig: own.kubeconfig,
        maker: ownController === undefined ? { actuatorSocket, maxCreates: MAX_CREATES } : { platform: ownController },
        statusSocket,
        trustBundle: (await readTextIfExists(trustBundle)) === undefined ? undefined : trustBundle,
        env,
        autoscaler: isAutoscaled(cluster.spec),
        clock,
        signal: until,
        onLine: ({ level, message }) => reporter.emit({ type: "log", level, message }),
      });
      const tending = tendMachines(client, {
        actuator: actuator ?? {},
        clock,
        signal: until,
        onLine: (level, message) => reporter.emit({ type: "log", level, message }),
      });
      const beside = [
        endBesideForeign(client, { clock, signal: until, reporter }),
        approve(client, cluster, { ...world, signal: until }),
        ...(withTokens ? [keepPoolTokens(client, cluster, { ...world, signal: until })] : []),
      ];
      return await Promise.race([controllers, tending, ...beside]).finally(async () => {
        ended.abort(new InstallerError("INTERRUPTED", "the machine controller stops"));
        await Promise.allSettled([controllers, tending, ...beside]);
      });
    } finally {
      client.close();
    }
  } finally {
    await server?.stop(GRACE_MS);
  }
}

/** A client once the API knows Machines. */
async function machineApiOf(kubeconfig: string, { clock, signal, reporter }: Pick<World, "clock" | "signal" | "reporter">): Promise<KubeClient> {
  const connect = (): Promise<KubeClient> => connectKube({ kubeconfig });
  const look: Look<undefined> = async (client) =>
    (await client.list(MACHINE_KINDS.machines, NAMESPACE, signal)) === undefined
      ? { done: false, reason: "the cluster has no Machine API yet" }
      : { done: true, value: undefined };
  await watch(look, {
    connect,
    intervalMs: LOOK_MS,
    timeoutMs: Number.POSITIVE_INFINITY,
    signal,
    clock,
    onWait: (reason, elapsedMs) => reporter.emit({ type: "waiting", subject: "machine controller", reason, elapsedMs }),
  });
  return await connect();
}

/** Approves what the kubelets of the cluster's own machines ask for; each look decides from what the API says then. */
async function approve(
  client: KubeClient,
  cluster: Pick<LoadedCluster, "spec" | "machines">,
  { clock, signal, reporter }: Pick<World, "clock" | "signal" | "reporter">,
): Promise<never> {
  const say = (level: "info" | "warning", message: string): void => reporter.emit({ type: "log", level, message });
  const round = async (): Promise<string | undefined> => {
    const { approved, failed } = await approveMachineCertificates(client, cluster, signal);
    for (const what of approved) say("info", `approved ${what}`);
    return failed.length === 0 ? undefined : `certificate requests not approved: ${failed.join("; ")}`;
  };
  const failed = "certificate requests cannot be looked at";
  return await repeat(round, { intervalMs: LOOK_MS, clock, signal, failed, onProblem: (problem) => say("warning", problem) });
}

function report(call: EndedCall, reporter: World["reporter"]): void {
  const { operation, machine, error } = call;
  const message = machineCallText(call);
  if (error !== undefined) reporter.emit({ type: "log", level: "warning", message: `${operation} ${machine}: ${error.reason}: ${error.message}` });
  else if (message !== undefined) reporter.emit({ type: "log", level: "info", message });
}

/**
 * The same beside an installation, which must not fail for it: what is wrong is a warning.
 * @returns ends it
 */
export function besideInstallation(world: World, cluster: Parameters<typeof runMachineController>[1]): () => Promise<void> {
  const stop = new AbortController();
  const running = runMachineController({ ...world, signal: AbortSignal.any([world.signal, stop.signal]) }, cluster).catch((error: unknown) => {
    if (!stop.signal.aborted && !world.signal.aborted)
      world.reporter.emit({ type: "log", level: "warning", message: `the machine controller ended: ${messageOf(error)}` });
  });
  return async () => {
    stop.abort(new InstallerError("INTERRUPTED", "the installation has ended"));
    await running;
  };
}
