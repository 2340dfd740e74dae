import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { StepEventMetadata } from "@pulumi/pulumi/automation/events.js";
import type { InstallerEvent } from "../events/index.ts";
import { nameOfUrn } from "../pulumi/index.ts";

/** What an engine event means to the installer: events for the user, and a failure to remember. */
export interface Translation {
  readonly events: readonly InstallerEvent[];
  /** A message of severity error, with the URN it is about. */
  readonly failure?: { readonly urn: string | undefined; readonly message: string };
  /** A warning about a resource, which may say why it fails later. */
  readonly remark?: { readonly urn: string; readonly message: string };
  readonly step?: {
    readonly urn: string;
    readonly name: string;
    readonly type: string;
    readonly operation: string;
    readonly status: "started" | "done" | "failed";
    /** Neither a component nor Pulumi's own. */ readonly real: boolean;
  };
}

const NOTHING: Translation = { events: [] };
const QUIET_OPERATIONS = new Set(["same", "read", "refresh"]);

/**
 * The installer's events for one of the engine's. Debug diagnostics are dropped before anything else looks at them: they
 * carry secrets in clear. Properties of resources are never passed on, for the same reason.
 * @param elapsedMs since the step of a URN began
 */
export function translate(event: EngineEvent, elapsedMs: (urn: string) => number): Translation {
  if (event.diagnosticEvent !== undefined) return diagnostic(event.diagnosticEvent, elapsedMs);
  if (event.resourcePreEvent !== undefined) return step(event.resourcePreEvent, "started");
  if (event.resOutputsEvent !== undefined) return step(event.resOutputsEvent, "done");
  if (event.resOpFailedEvent !== undefined) return step(event.resOpFailedEvent, "failed");
  return NOTHING;
}

interface StepEvent {
  readonly metadata: Pick<StepEventMetadata, "op" | "urn" | "type" | "old" | "new">;
  /** Set in a preview: nothing happens. */
  readonly planning?: boolean;
}

function step({ metadata, planning }: StepEvent, status: "started" | "done" | "failed"): Translation {
  const { op, urn, type } = metadata;
  const found = { urn, name: nameOfUrn(urn), type, operation: op, status };
  // Components and Pulumi's own resources stand for nothing outside.
  const real = !type.startsWith("pulumi:") && (metadata.new ?? metadata.old)?.custom === true;
  if (planning === true || !real || (QUIET_OPERATIONS.has(op) && status !== "failed")) return { events: [], step: { ...found, real } };
  return { events: [{ type: "resource", operation: op, urn, name: found.name, kind: type, status }], step: { ...found, real } };
}

function diagnostic(event: NonNullable<EngineEvent["diagnosticEvent"]>, elapsedMs: (urn: string) => number): Translation {
  const severity: string = event.severity;
  if (severity === "debug") return NOTHING;
  const message = plain(event.message).trim();
  if (message === "") return NOTHING;
  const urn = event.urn === "" ? undefined : event.urn;
  if (event.ephemeral === true)
    return urn === undefined ? NOTHING : { events: [{ type: "waiting", subject: nameOfUrn(urn), reason: message, elapsedMs: elapsedMs(urn) }] };
  if (severity === "error") return { events: [{ type: "log", level: "debug", message }], failure: { urn, message } };
  const warning = severity === "warning";
  return {
    events: [{ type: "log", level: warning ? "warning" : "info", message }],
    ...(warning && urn !== undefined ? { remark: { urn, message } } : {}),
  };
}

/** Without the engine's `<{%fg 1%}>` colour marks. */
const plain = (text: string): string => text.replaceAll(/<\{%[^%]*%\}>/g, "");
