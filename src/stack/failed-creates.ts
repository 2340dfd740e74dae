import { rm } from "node:fs/promises";
import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import { PLUGIN_NAME } from "../pulumi/index.ts";
import type { ClusterFolder } from "./cluster-folder.ts";
import { readJsonIfWhole, writeJson } from "./json-file.ts";
import type { PendingOperation, StateResource } from "./pending-operations.ts";
import { isRecord } from "../util/index.ts";

const SETTLED = [`${PLUGIN_NAME}:`, "kubernetes:"];
/** Somebody else's object is in the way: what has the name was not begun by us. */
const TAKEN = /DuplicateName|already exists/i;

/**
 * What a create that failed may have left, by the engine's event; undefined for any other event. A plugin that loses its session or connection
 * after the platform's manager took the task reports a failure, and no object. Our own resources undo what they began, and objects in a cluster are taken up
 * again by their field manager.
 */
export function failedCreate(event: EngineEvent): StateResource | undefined {
  return createOf(event.resOpFailedEvent?.metadata);
}

/** What a create that has begun makes, in the same form. */
export const begunCreate = (event: EngineEvent): StateResource | undefined => createOf(event.resourcePreEvent?.metadata, false);

function createOf(metadata: StepEventMetadata | undefined, withoutSettled = true): StateResource | undefined {
  if (metadata === undefined || !metadata.op.startsWith("create")) return undefined;
  if (withoutSettled && SETTLED.some((prefix) => metadata.type.startsWith(prefix))) return undefined;
  const inputs = (metadata.new as { readonly inputs?: Readonly<Record<string, unknown>> } | undefined)?.inputs ?? {};
  return { urn: metadata.urn, type: metadata.type, inputs: { name: inputs["name"], path: inputs["path"] } };
}

/** Without those that failed because of somebody else's object. @param failures of the same update */
export function withoutTaken(
  failed: readonly StateResource[],
  failures: readonly { readonly urn: string | undefined; readonly message: string }[],
): readonly StateResource[] {
  const taken = new Set(failures.filter(({ message }) => TAKEN.test(message)).map(({ urn }) => urn));
  return failed.filter(({ urn }) => !taken.has(urn));
}

/** Remembers them for the next run, which settles them as it does what a killed run left. */
export async function recordFailedCreates(folder: ClusterFolder, failed: readonly StateResource[]): Promise<void> {
  if (failed.length > 0) await writeJson(folder.failedCreates, failed);
}

/** @param warn called when the file is damaged */
export async function readFailedCreates(folder: ClusterFolder, warn: (message: string) => void): Promise<readonly PendingOperation[]> {
  const found = await readJsonIfWhole(folder.failedCreates, isResources, "what the last run failed to create may still be there", warn);
  return (found ?? []).map((resource) => ({ type: "creating", resource }));
}

const isResources = (value: unknown): value is readonly StateResource[] =>
  Array.isArray(value) && value.every((each) => isRecord(each) && typeof each["urn"] === "string" && typeof each["type"] === "string");

export const forgetFailedCreates = (folder: ClusterFolder): Promise<void> => rm(folder.failedCreates, { recursive: true, force: true });
