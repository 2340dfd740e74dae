import { isRecord } from "../../util/index.ts";

/** What makes the durations of two runs comparable. */
export interface RunKind {
  readonly distribution: string;
  readonly platform: string;
  /** What the platform calls the speed of its machines: with hardware acceleration or without, or whose they are. */
  readonly pace: string;
  /** What the run ends with. */
  readonly goal: "machines" | "cluster" | "virtualization";
}

/** How long one phase took. */
export interface PastPhase {
  readonly phase: string;
  readonly durationMs: number;
  /** When each step of it was first seen, since the phase began; in that order. */
  readonly steps: readonly { readonly step: string; readonly atMs: number }[];
}

/** The phases of an earlier run that came to their end and did all of their work in it. Names no cluster. */
export interface PastRun {
  readonly kind: RunKind;
  /** How many machines it was to create. */
  readonly machines: number;
  /** ISO 8601 */
  readonly endedAt: string;
  readonly phases: readonly PastPhase[];
}

export const LONGEST_NAME = 64;
const MOST_PHASES = 32;
/** Of one phase. */
export const MOST_STEPS = 32;

export const sameKind = (one: RunKind, other: RunKind): boolean =>
  one.distribution === other.distribution && one.platform === other.platform && one.pace === other.pace && one.goal === other.goal;

/** A run as a file has it, or undefined for what is none: nothing of a file is believed that could not have been measured. */
export function pastRunOf(value: unknown): PastRun | undefined {
  if (!isRecord(value) || !isKind(value["kind"]) || !isCount(value["machines"]) || typeof value["endedAt"] !== "string") return undefined;
  const { phases } = value;
  if (!Array.isArray(phases) || phases.length > MOST_PHASES || Number.isNaN(Date.parse(value["endedAt"]))) return undefined;
  if (!phases.every(isPhase) || new Set(phases.map(({ phase }) => phase)).size < phases.length) return undefined;
  return { kind: value["kind"], machines: value["machines"], endedAt: value["endedAt"], phases };
}

const isKind = (value: unknown): value is RunKind =>
  isRecord(value) &&
  ["distribution", "platform", "pace"].every((key) => isName(value[key])) &&
  /^(machines|cluster|virtualization)$/.test(String(value["goal"]));

const isPhase = (value: unknown): value is PastPhase =>
  isRecord(value) &&
  isName(value["phase"]) &&
  isCount(value["durationMs"]) &&
  Array.isArray(value["steps"]) &&
  value["steps"].length <= MOST_STEPS &&
  value["steps"].every((each) => isRecord(each) && isName(each["step"]) && isCount(each["atMs"]));

const isName = (value: unknown): value is string => typeof value === "string" && value.length > 0 && value.length <= LONGEST_NAME;
const isCount = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
