import { CATALOGUE, EXIT, type CatalogueEntry } from "../../src/errors/index.ts";
import { page, table } from "./page.ts";

const CLASSES = {
  ok: "All went well.",
  other: "Something on this side failed: a file, a lock, or virt-ipi itself.",
  usage: "The command line is not understood.",
  config: "The install-config or another file of the user is at fault.",
  infrastructure: "The host, the hypervisor or a program on it is at fault.",
  bootstrap: "The machines run, but the control plane did not come up.",
  install: "The control plane runs, but the cluster did not become complete.",
  operators: "The cluster is complete, but an operator in it is not.",
  interrupted: "The run was stopped from outside and can be resumed.",
} as const satisfies Record<keyof typeof EXIT, string>;

/** docs/reference/errors.md, from the error catalogue. */
export function errorsPage(catalogue: Readonly<Record<string, CatalogueEntry>> = CATALOGUE): string {
  const exits = (Object.keys(EXIT) as (keyof typeof EXIT)[]).map((name) => [String(EXIT[name]), name, CLASSES[name]]);
  const entries = Object.entries(catalogue).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return page(
    "# Errors",
    "Every error ends the command with an id of this page, what failed, the value it failed with, and what to do next. With `--output json` the same stands in one JSON object.",
    "## Exit codes",
    table(["code", "class", "meaning"], exits),
    "## Error ids",
    table(
      ["id", "exit code"],
      entries.map(([id, entry]) => [`[${id}](#${id.toLowerCase()})`, String(EXIT[entry.exit])]),
    ),
    ...entries.map(([id, entry]) => `### ${id}\n\n${entry.title}\n\nExit code ${EXIT[entry.exit]} (${entry.exit}). ${entry.advice}`),
  );
}
