import type { Reporter } from "../events/index.ts";
import type { OnWarning } from "../stack/index.ts";

const shown = new WeakMap<Reporter, Set<string>>();

/** Shows the warnings of the install-config, each once in a run, however often the file is read. */
export function warnOnce({ reporter }: { readonly reporter: Reporter }): OnWarning {
  const known = shown.get(reporter) ?? new Set();
  shown.set(reporter, known);
  return (warning) => {
    if (known.has(warning)) return;
    known.add(warning);
    reporter.emit({ type: "log", level: "warning", message: `install-config: ${warning}` });
  };
}
