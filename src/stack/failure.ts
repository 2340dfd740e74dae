import { CATALOGUE, type ErrorId, InstallerError } from "../errors/index.ts";
import { ADVICE, errorIdIn, nameOfUrn, typeOfUrn } from "../pulumi/index.ts";
import { platformErrorId } from "../providers/index.ts";
import { kubernetesErrorId } from "./kubernetes-failures.ts";

export interface Failure {
  readonly urn: string | undefined;
  readonly message: string;
}

/** Types of the waits: their failure that names no id still has its exit class. */
const BY_TYPE: Readonly<Record<string, ErrorId>> = {
  "virt-ipi:cluster:BootstrapComplete": "BOOTSTRAP_TIMEOUT",
  "virt-ipi:cluster:InstallComplete": "INSTALL_TIMEOUT",
};

/** Pulumi cannot write what it knows; the resource that it was at has nothing to do with it. Source: pulumi pkg/backend, its messages. */
const STATE_UNWRITABLE = /failed to save snapshot|saving (?:checkpoint|snapshot)|An IO error occurred/;
const NO_SPACE = /no space left on device|disk quota exceeded|\bENOSPC\b|\bEDQUOT\b/i;
const NOT_ALLOWED = /read-only file system|permission denied|\bEROFS\b|\bEACCES\b/i;
/** What Pulumi and its SDK say of a state, or a passphrase, that is not what it was. */
const STATE_UNREADABLE =
  /incorrect passphrase|failed to load checkpoint|deserializ|unmarshal|end of JSON|not valid JSON|invalid character|secrets provider|encryptionsalt/i;

/** The error where Pulumi's own files are what failed. */
function stateFailure(text: string): InstallerError | undefined {
  const id = NO_SPACE.test(text)
    ? "DISK_FULL"
    : NOT_ALLOWED.test(text)
      ? "FILE_UNWRITABLE"
      : STATE_UNREADABLE.test(text)
        ? "STATE_DAMAGED"
        : undefined;
  return id === undefined ? undefined : new InstallerError(id, TITLES[id], { details: [lastLines(text)] });
}

const TITLES = {
  DISK_FULL: "there is no room to write the state of the cluster",
  FILE_UNWRITABLE: "the state of the cluster cannot be written",
  STATE_DAMAGED: "the state of the cluster cannot be used",
} as const;

/**
 * The error for the user from what the engine said. The provider puts the catalogue's id before its message (`ID: text`), the
 * advice on the last line, marked where it is not the catalogue's; the first failure with an id counts, as the others mostly follow from it.
 * @param output what `pulumi` printed, used only when there was no diagnostic
 * @param remarks warnings before, of which those about the same resource are shown
 */
export function failureOf(failures: readonly Failure[], output: string, remarks: readonly Failure[] = []): InstallerError {
  const real = withoutSummary(failures);
  const first = real.find(({ message }) => errorIdIn(message) !== undefined) ?? real[0];
  const unwritten = real.find(({ message }) => STATE_UNWRITABLE.test(message));
  const ofState = unwritten === undefined ? undefined : stateFailure(unwritten.message);
  if (ofState !== undefined) return ofState;
  if (first === undefined) return stateFailure(output) ?? new InstallerError("PULUMI_FAILED", lastLines(output) || "pulumi failed without a message");
  const type = first.urn === undefined ? "" : typeOfUrn(first.urn);
  const id =
    errorIdIn(first.message) ?? BY_TYPE[type] ?? kubernetesErrorId(type, first.message) ?? platformErrorId(type, first.message) ?? "PULUMI_FAILED";
  const others = real
    .filter((failure) => failure !== first && failure.message !== first.message)
    .map(({ urn, message }) => `${urn === undefined ? "" : `${nameOfUrn(urn)}: `}${firstLine(cause(message).replace(COUNTED, ""))}`);
  const lines = cause(first.message)
    .split("\n")
    .map((line) => line.trim().replace(/^\* /, ""))
    .filter((line) => line !== "" && !COUNT.test(line) && line !== CATALOGUE[id].advice && !isStack(line));
  const advice = lines.findLast((line) => line.startsWith(ADVICE))?.slice(ADVICE.length);
  const subject = first.urn === undefined ? "" : `${nameOfUrn(first.urn)}: `;
  return new InstallerError(id, `${subject}${lines[0] ?? "failed"}`, {
    ...(first.urn === undefined ? {} : { value: nameOfUrn(first.urn) }),
    ...(advice === undefined ? {} : { advice }),
    details: [
      ...lines.slice(1).filter((line) => !line.startsWith(ADVICE)),
      ...new Set(remarks.filter(({ urn }) => urn === first.urn).map(({ message }) => firstLine(message))),
      ...new Set(others),
    ],
  });
}

/** Without what the engine says at the end of every failed operation. */
export const withoutSummary = (failures: readonly Failure[]): readonly Failure[] =>
  failures.filter(({ message }) => !/^(update|destroy|preview) failed$/.test(message));

const ID = /\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|INTERNAL|INTERRUPTED): /;

/** Without what the engine and gRPC put in front. */
function cause(message: string): string {
  const at = ID.exec(message);
  const named = at !== null && errorIdIn(message) !== undefined;
  return named
    ? message.slice(at.index + at[0].length)
    : message.replace(/^.*rpc error: code = \w+ desc = /s, "").replace(/^Unhandled exception: (?:Error: )?/, "");
}

/** What Go's list of errors begins with, in which the plugin for Kubernetes wraps even one. */
const COUNT = /\b\d+ errors? occurred:$/;
const COUNTED = /^.*?\b\d+ errors? occurred:\s*\* /s;

/** Where in the sources a program failed is for the log. */
const isStack = (line: string): boolean => /^at .*(:\d+:\d+\)?|<anonymous>\)?|native\))$/.test(line);

const firstLine = (text: string): string => text.split("\n")[0] ?? "";
const lastLines = (text: string): string => text.trim().split("\n").slice(-6).join("\n");
