import type { ErrorId } from "../../errors/index.ts";
import type { ConsoleSign } from "../../kube/index.ts";
import { findConsoleSign } from "../console-signs.ts";
import { readConsole } from "../console-readers.ts";
import type { ResourceContext } from "../resource/resource.ts";
import type { WaitInputs } from "./wait-inputs.ts";

export interface ConsoleWatch {
  /** The first sign on each machine's console. */
  read(signal: AbortSignal | undefined): Promise<readonly ConsoleSign[]>;
  /** The catalogue's id of the sign that was seen on a machine. */
  errorOf(machine: string): ErrorId | undefined;
}

/** Watches the consoles of all machines for what ends a wait before its time. */
export function consoleSigns(inputs: WaitInputs, context: ResourceContext): ConsoleWatch {
  const errors = new Map<string, ErrorId>();
  const { consoles } = inputs;
  return {
    errorOf: (machine) => errors.get(machine),
    read: async (signal = context.signal) => {
      if (consoles === undefined) return [];
      const found: ConsoleSign[] = [];
      for (const { name } of inputs.machines) {
        const sign = findConsoleSign((await readConsole(name, consoles, { run: context.run, signal })) ?? "");
        if (sign === undefined) continue;
        errors.set(name, sign.errorId);
        found.push({ machine: name, cause: `${sign.message}: ${sign.line}`, fatal: sign.fatal });
      }
      return found;
    },
  };
}
