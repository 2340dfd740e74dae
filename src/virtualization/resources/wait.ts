import { watchTarget, type Cause, type WatchOptions } from "../observe/index.ts";
import type { z } from "zod";
import { type ErrorId, InstallerError } from "../../errors/index.ts";
import { connectKube, type Look } from "../../kube/index.ts";
import { type ChangeRule, InitializationFailed, type Resource, type ResourceContext } from "../../pulumi/index.ts";
import type { ClusterInputs } from "./inputs.ts";

/** Outputs of every wait, beside what it found. */
export interface Ready {
  readonly ready: boolean;
}

export interface WaitKind<I extends ClusterInputs, V extends object> {
  readonly inputs: z.ZodType<I>;
  /** For people: `the catalog`, as in "the catalog did not become ready". */
  subject(inputs: I): string;
  /** Id of the resource. */
  id(inputs: I): string;
  /** @param again what it depends on has changed, so that what is seen may be of before that */
  look(inputs: I, context: ResourceContext, again: boolean): Look<V>;
  /** Outputs while it is not ready. */
  readonly nothing: V;
  /** The causes that it depends on; default all. */
  readonly concerns?: readonly ErrorId[];
  /** Inputs beside those of every wait that ask for another look when they change. */
  readonly again?: readonly Exclude<keyof I & string, keyof ClusterInputs>[];
  /** Seconds that count where they are fewer than the user's limit. */
  readonly atMostSeconds?: number;
}

/** A wait as a resource: done once, looked at again when what it depends on changes. It leaves nothing behind. */
export function waitResource<I extends ClusterInputs, V extends object>(kind: WaitKind<I, V>): Resource<I, V & Ready> {
  const reach = async (inputs: I, context: ResourceContext, again: boolean): Promise<V & Ready> => {
    const limit = Math.min(inputs.timeoutSeconds, kind.atMostSeconds ?? Infinity);
    const result = await watchTarget(kind.look(inputs, context, again), { ...watchOptions(inputs, context, limit), concerns: kind.concerns });
    if (result.outcome === "done") return { ...result.value, ready: true };
    const error = failure(kind.subject(inputs), result.outcome, limit, result.reason, result.causes);
    throw new InitializationFailed(kind.id(inputs), { ...kind.nothing, ready: false }, error);
  };
  return {
    inputs: kind.inputs,
    changes: {
      infraID: "replace",
      kubeconfig: "ignore",
      target: "update",
      timeoutSeconds: "ignore",
      ...Object.fromEntries((kind.again ?? []).map((name) => [name, "update"])),
    } as unknown as Readonly<Record<keyof I & string, ChangeRule>>,
    secrets: ["kubeconfig"] as readonly (keyof (I & V & Ready) & string)[],
    deleteBeforeReplace: true,
    predict: () => ({}),
    create: async (inputs, context) => ({ id: kind.id(inputs), outputs: await reach(inputs, context, false) }),
    read: (_id, state) => Promise.resolve(state),
    update: async (_id, _old, inputs, context) => await reach(inputs, context, true),
    delete: () => Promise.resolve(),
  };
}

/** How the cluster of some inputs is watched. @param seconds limit */
export function watchOptions(inputs: ClusterInputs, context: ResourceContext, seconds: number): WatchOptions {
  return {
    connect: () => connectKube({ kubeconfig: inputs.kubeconfig }),
    target: inputs.target,
    timeoutMs: seconds * 1_000,
    signal: context.signal,
    clock: context.clock,
    onWait: (text) => context.progress.status(`waiting: ${text}`),
  };
}

/** The first cause is the error; the others are its details. */
export function failure(subject: string, outcome: "stuck" | "timeout", seconds: number, reason: string, causes: readonly Cause[]): InstallerError {
  const [first, ...others] = causes;
  const when = outcome === "timeout" ? `did not become ready within ${seconds} s` : "cannot become ready";
  if (first === undefined) return new InstallerError("VIRT_TIMEOUT", `${subject} ${when}; last cause: ${reason}`);
  return new InstallerError(first.id, `${subject} ${when}: ${first.object}: ${first.message}`, {
    value: first.object,
    advice: first.fix,
    details: [`waited for: ${reason}`, ...others.slice(0, 5).map(({ object, message, fix }) => `${object}: ${message}. ${fix}`)],
  });
}
