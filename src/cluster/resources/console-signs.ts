import type { ErrorId } from "../../errors/index.ts";

/** Something on a machine's console that shows why it will not come up. */
export interface ConsoleSign {
  readonly errorId: ErrorId;
  /** The line that shows it, without control characters. */
  readonly line: string;
  readonly message: string;
  /** It will not pass by itself: there is no use in waiting on. */
  readonly fatal: boolean;
  /** It comes of something else, which may be written only after it. */
  readonly consequence: boolean;
}

interface Pattern {
  readonly errorId: ErrorId;
  readonly message: string;
  readonly regex: RegExp;
  readonly fatal: boolean;
  readonly consequence?: true;
  /** How often it must be seen, for what is normal once or twice while others come up. */
  readonly times?: number;
  /** A line that says that it is over; what was seen before counts no more. */
  readonly cleared?: RegExp;
}

/** Ignition has what it asked for, or has done its work: whatever it complained of before is over. */
const FETCHED = /ignition\[\d+\]: GET result: OK|initrd-switch-root|Reached target .*Switch Root/i;

/** In the order of what explains most: an emergency shell is a consequence, so what led to it stands before. */
const PATTERNS: readonly Pattern[] = [
  {
    errorId: "GUEST_IGNITION_INVALID",
    message: "Ignition refuses its config",
    regex:
      /config is not valid|failed to (?:parse|decode) config|error at line \d+ col \d+|invalid config version|unsupported config version|incompatible config/i,
    fatal: true,
  },
  { errorId: "GUEST_DISK_FULL", message: "the disk is full", regex: /No space left on device/i, fatal: true },
  { errorId: "GUEST_PANIC", message: "the kernel panicked", regex: /Kernel panic - not syncing/, fatal: true },
  {
    errorId: "GUEST_IGNITION_REFUSED",
    message: "the server refuses to give the machine its Ignition config",
    // Ignition gives up after the first of them.
    regex: /ignition\S*: GET result: (?:Unauthorized|Forbidden)/i,
    fatal: true,
    cleared: FETCHED,
  },
  {
    errorId: "GUEST_IGNITION_FETCH",
    message: "Ignition cannot fetch its config",
    regex: /failed to fetch config|ignition\[\d+\]: GET (?:error|result: (?!OK|Not Modified))/i,
    fatal: false,
    times: 6,
    cleared: FETCHED,
  },
  {
    errorId: "GUEST_API_VIP_UNREACHABLE",
    message: "the API VIP does not answer",
    regex: /(?:dial tcp|connect to|Get "https:\/\/api(?:-int)?\.)\S*.*?(?:no route to host|network is unreachable|Host is unreachable)/i,
    fatal: false,
    times: 3,
    cleared: FETCHED,
  },
  {
    errorId: "GUEST_EMERGENCY",
    message: "the machine stopped in its emergency shell",
    regex:
      /Entering emergency mode|You are in (?:emergency|rescue) mode|Press Enter for emergency shell|Reached target .*Emergency Mode|dracut-emergency/i,
    fatal: true,
    consequence: true,
  },
];

/** Colours and cursor moves of a serial console. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /\u001b(?:\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[cc=>])|[\u0000-\u0008\u000b-\u001f\u007f]/g;
const LONGEST_LINE = 300;

/** Where a boot begins: what a machine did before its last one is past. */
const BOOT = /\bLinux version \d/;

/**
 * The first sign of trouble since a machine's last boot, or undefined if all looks well.
 * @param text of the console
 */
export function findConsoleSign(text: string): ConsoleSign | undefined {
  const all = text.replaceAll(/\r\n?/g, "\n").replaceAll(CONTROL, "").split("\n");
  const lines = after(all, BOOT);
  for (const { errorId, message, regex, fatal, consequence = false, times = 1, cleared } of PATTERNS) {
    const seen = (cleared === undefined ? lines : after(lines, cleared)).filter((line) => regex.test(line));
    const line = seen.at(-1);
    if (line !== undefined && seen.length >= times) return { errorId, message, fatal, consequence, line: line.trim().slice(0, LONGEST_LINE) };
  }
  return undefined;
}

/**
 * Whether there is no use in waiting on. A consequence alone counts from the second look on, when its cause would be there as well.
 * @param again an earlier look found it as well
 */
export const isFinal = ({ fatal, consequence }: ConsoleSign, again: boolean): boolean => fatal && (again || !consequence);

/** The lines behind the last one that matches; all if none does. */
const after = (lines: readonly string[], mark: RegExp): readonly string[] => lines.slice(lines.findLastIndex((line) => mark.test(line)) + 1);
