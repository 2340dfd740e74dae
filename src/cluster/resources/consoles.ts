import type { ErrorId } from "../../errors/index.ts";
import type { ConsoleSign } from "../observe/wait.ts";
import { type PlatformAccess, type PlatformMetadata, readConsole } from "../../providers/index.ts";
import { findConsoleSign, isFinal } from "./console-signs.ts";

export interface ConsoleWatch {
  /** The first sign on each machine's console. */
  read(signal: AbortSignal | undefined): Promise<readonly ConsoleSign[]>;
  /** The catalogue's id of the sign that was seen on a machine. */
  errorOf(machine: string): ErrorId | undefined;
}

/**
 * Watches the consoles of machines for what ends a wait before its time.
 * @param metadata where they can be read; absent: nowhere
 */
export function consoleSigns(machines: readonly string[], metadata: PlatformMetadata | undefined, context: PlatformAccess): ConsoleWatch {
  const errors = new Map<string, ErrorId>();
  return {
    errorOf: (machine) => errors.get(machine),
    read: async (signal = context.signal) => {
      if (metadata === undefined) return [];
      const found: ConsoleSign[] = [];
      for (const machine of machines) {
        const sign = findConsoleSign(await textOf(machine, metadata, { ...context, signal }));
        if (sign === undefined) continue;
        const again = errors.get(machine) === sign.errorId;
        errors.set(machine, sign.errorId);
        found.push({ machine, cause: `${sign.message}: ${sign.line}`, fatal: isFinal(sign, again) });
      }
      return found;
    },
  };
}

/** One console that cannot be read must not hide the others. */
async function textOf(machine: string, metadata: PlatformMetadata, context: PlatformAccess): Promise<string> {
  try {
    return (await readConsole(machine, metadata, context)) ?? "";
  } catch {
    context.signal.throwIfAborted();
    return "";
  }
}
