import type { ErrorId } from "../../errors/index.ts";

/** Why virtualization does not work, and what to do about it. */
export interface Cause {
  readonly id: ErrorId;
  /** `Subscription kubevirt-hyperconverged/hco-operatorhub` */
  readonly object: string;
  /** What is wrong, with what the cluster says of it. One line. */
  readonly message: string;
  readonly fix: string;
  /** Milliseconds after which a wait ends, since it takes a person; absent for what may pass by itself. */
  readonly patienceMs?: number;
}

/** Long enough for what is wrong only because it is looked at in the middle of a change. */
export const SOON = 15_000;
/** For what controllers may still fix, though they mostly do not. */
export const LATER = 30_000;

/** What the cluster says, on one line of bearable length. What is left out is in the middle: errors in Go end with their cause. */
export function said(message: string): string {
  const line = collapsed(message);
  return line.length <= 400 ? line : `${line.slice(0, 150)}… ${line.slice(-250)}`;
}

/** How a program ended: the end of its log, of which only the last lines are about it. */
export function lastSaid(log: string): string {
  const line = collapsed(log);
  return line.length <= 250 ? line : `… ${line.slice(-250)}`;
}

/** On one line, and without the last full stop: a fix follows. */
const collapsed = (message: string): string => message.replaceAll(/\s+/g, " ").trim().replace(/\.$/, "");

/** `OBJECT: MESSAGE. FIX` for one line of progress. */
export const causeText = ({ object, message, fix }: Cause): string => `${object}: ${message}. ${fix}`;
