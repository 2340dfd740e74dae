import * as prompts from "@clack/prompts";
import { oneLine } from "../../util/index.ts";
import { InstallerError } from "../../errors/index.ts";

/** Why an answer is refused; undefined if it is not. */
export type Validation = (value: string) => string | undefined;

/** Questions on the terminal. Each throws InstallerError INTERRUPTED on Ctrl-C. */
export interface Asker {
  /** Enter takes `initial`. */
  text(message: string, initial: string, validate?: Validation): Promise<string>;
  count(message: string, initial: number, allowed: (count: number) => boolean): Promise<number>;
  choice<const T extends string>(message: string, options: readonly { readonly value: T; readonly label: string }[]): Promise<T>;
}

/** On stderr, since stdout is for results. */
export function terminalAsker(signal: AbortSignal): Asker {
  // A terminal that is closed meanwhile shows by SIGHUP.
  const output = process.stderr.on("error", () => undefined);
  const text: Asker["text"] = async (message, initial, validate = () => undefined) =>
    answered(
      await prompts.text({ message: oneLine(message), initialValue: oneLine(initial), output, signal, validate: (value) => validate(value ?? "") }),
    );
  return {
    text,
    count: async (message, initial, allowed) =>
      Number(
        await text(message, String(initial), (value) => (/^\d+$/.test(value) && allowed(Number(value)) ? undefined : "that many are not possible")),
      ),
    choice: async <const T extends string>(message: string, options: readonly { readonly value: T; readonly label: string }[]) =>
      answered(await prompts.select<string>({ message, options: [...options], output, signal })) as T,
  };
}

export const isNeeded: Validation = (value) => (value.trim() === "" ? "is needed" : undefined);

/** A CIDR. */
export const askForNetwork = async (asker: Asker, initial: string): Promise<string> =>
  await asker.text("Network of the machines (CIDR)", initial, (value) =>
    /^[0-9a-fA-F.:]+\/\d+$/.test(value) ? undefined : "write it as 192.168.126.0/24",
  );

function answered(answer: string | symbol): string {
  if (typeof answer === "symbol") throw new InstallerError("INTERRUPTED", "the questions were cancelled");
  return answer;
}
