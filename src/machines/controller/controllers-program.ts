import { isInstallerError, InstallerError } from "../../errors/index.ts";
import { runInOwnGroup } from "../../exec/index.ts";
import { programPath, type Clock, type Environment } from "../../util/index.ts";

/** Of set-up's part `machine-api`. */
export const CONTROLLERS_PROGRAM = "machine-api-controllers";
/** The autoscaler that the operator is made for: upstream's, with the Machine API's group. Nodes pull it from a mirror where they have one. */
const AUTOSCALER_IMAGE = "quay.io/openshift/origin-cluster-autoscaler:4.21";
const SHORTEST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
/** One that ran this long did not end at its start. */
const SETTLED_MS = 60_000;

export interface ControllersOptions {
  /** Path of a file that only this user reads. */
  readonly kubeconfig: string;
  /** Who makes machines: an actuator that serves a socket, or the program itself, for a platform. */
  readonly maker: { readonly actuatorSocket: string; readonly maxCreates: number } | { readonly platform: string };
  readonly statusSocket: string;
  /** PEM file of CAs that are trusted beside the system's. */
  readonly trustBundle?: string | undefined;
  readonly env: Environment;
  /** Also the controllers of the autoscaler's operator. */
  readonly autoscaler: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onLine: (line: ControllerLine) => void;
}

/** A line of the controllers' log. */
export interface ControllerLine {
  readonly level: "debug" | "warning";
  readonly message: string;
}

/**
 * Runs the controllers of the Machine API, and again after a growing pause when they end by themselves: a lost Lease, an API server that was
 * away. They are ended by SIGINT, and give up their Lease then.
 * @throws the signal's reason, InstallerError MACHINE_API_MISSING
 */
export async function runControllers(options: ControllersOptions): Promise<never> {
  const { clock, env, maker, signal, trustBundle, onLine } = options;
  const own = {
    PATH: programPath(env),
    ...(trustBundle === undefined ? {} : { SSL_CERT_FILE: trustBundle }),
  };
  const args = [
    `-kubeconfig=${options.kubeconfig}`,
    `-status-socket=${options.statusSocket}`,
    "-leader-elect",
    // One that went on without its actuator would keep the Lease from the next.
    "-stop-with-stdin",
    ...("platform" in maker ? [`-platform=${maker.platform}`] : [`-actuator-socket=${maker.actuatorSocket}`, `-max-concurrent=${maker.maxCreates}`]),
    ...(options.autoscaler ? ["-autoscaler", `-autoscaler-image=${AUTOSCALER_IMAGE}`] : []),
  ];
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const began = clock.now().getTime();
    let isOld = false;
    const lines = lineReader((line) => {
      isOld ||= line.message.includes(UNKNOWN_FLAG);
      onLine(line);
    });
    const { exitCode, signal: killedBy } = await runInOwnGroup(CONTROLLERS_PROGRAM, args, {
      env: own,
      signal,
      keepOutput: false,
      holdInput: true,
      onStderr: lines,
      onStdout: lines,
    }).catch(missing);
    signal.throwIfAborted();
    if (exitCode === NOT_STARTED && killedBy === undefined) throw unusable("could not be started");
    if (isOld) throw unusable("is of another version");
    if (clock.now().getTime() - began >= SETTLED_MS) pause = SHORTEST_PAUSE_MS;
    const how = killedBy === undefined ? `ended with exit code ${exitCode}` : `was ended by ${killedBy}`;
    onLine({ level: "warning", message: `${CONTROLLERS_PROGRAM} ${how}; it is started again in ${pause / 1_000} s` });
    await clock.sleep(pause, signal);
  }
}

const NOT_STARTED = -2;
/** How Go's package flag refuses what it does not know. */
const UNKNOWN_FLAG = "flag provided but not defined";

function missing(error: unknown): never {
  if (isInstallerError(error)) throw error;
  throw unusable("could not be started", error);
}

const unusable = (why: string, cause?: unknown): InstallerError =>
  new InstallerError("MACHINE_API_MISSING", `${CONTROLLERS_PROGRAM} ${why}`, { value: CONTROLLERS_PROGRAM, cause });

/** Takes pieces of the program's output; what is no error goes into the log file alone. */
function lineReader(onLine: (line: ControllerLine) => void): (text: string) => void {
  let rest = "";
  return (text) => {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(lineOf(line));
  };
}

/** The controllers write a JSON object a line; anything else is the runtime's own, such as a crash. */
function lineOf(line: string): ControllerLine {
  try {
    const { level, msg, error, controller, name } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const parts = [controller, name, msg, error].filter((part) => typeof part === "string" && part !== "");
    return { level: level === "error" ? "warning" : "debug", message: `machine controller: ${parts.join(": ")}` };
  } catch {
    return { level: "debug", message: `machine controller: ${line}` };
  }
}
