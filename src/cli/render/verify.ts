import type { Verified } from "../../installer/index.ts";
import { oneLine, quotedLines, shellQuote } from "../../util/index.ts";
import { type Cause, isBad, type Row, type SmokeStep } from "../../virtualization/index.ts";

/** Table, smoke test, and how to look by hand. */
export const verifiedText = ({ rows, causes, smokeTest, kubeconfig }: Verified): string =>
  [verifyTable(rows, causes), ...(smokeTest === undefined ? [] : [stepsText(smokeTest)]), byHand(kubeconfig)].join("\n\n");

const HEAD = ["GROUP", "COMPONENT", "KIND", "NAMESPACE", "VERSION", "READY", "STATE", "CONDITION"] as const;

/** The table for people; below each row that is not well stands why, and what to do. */
export function verifyTable(rows: readonly Row[], causes: readonly Cause[]): string {
  const cells = rows.map(({ group, component, kind, namespace, version, ready, state, condition }) => [
    group,
    component,
    kind,
    namespace === "" ? "-" : namespace,
    version === "" ? "-" : version,
    ready === "" ? "-" : ready,
    isBad({ state }) ? state.toUpperCase() : state,
    condition === "" ? "-" : condition,
  ]);
  const widths = HEAD.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => oneLine(cell).padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const lines = rows.flatMap((row, index) => [
    line(cells[index] ?? []),
    // A note is shown once for all rows that it is of.
    ...(row.why === undefined || (!isBad(row) && rows[index - 1]?.why === row.why)
      ? []
      : [`    ${isBad(row) ? "why" : "note"}: ${quotedLines(row.why)}`]),
    ...(isBad(row) && row.fix !== undefined ? [`    fix: ${quotedLines(row.fix)}`] : []),
  ]);
  const bad = rows.filter(isBad).length;
  const expected = rows.filter(({ state }) => state !== "absent").length;
  const summary = bad === 0 ? `${expected} components, all ready` : `${expected} components, ${bad} of them not ready`;
  // What no row stands for: webhooks, leftovers, claims, a HyperConverged in the wrong place.
  const others = causes.filter(({ fix }) => !rows.some((row) => row.fix === fix));
  const more =
    others.length === 0
      ? []
      : [
          "",
          "also found:",
          ...others.map(({ object, message, fix }) => `  ${oneLine(object)}: ${quotedLines(message)}\n    fix: ${quotedLines(fix)}`),
        ];
  return [line(HEAD), ...lines, ...more, "", summary].join("\n");
}

function stepsText(steps: readonly SmokeStep[]): string {
  const width = Math.max(...steps.map(({ title }) => title.length));
  return [
    "SMOKE TEST",
    ...steps.map(({ title, outcome, durationMs, found }) =>
      `${title.padEnd(width)}  ${(outcome === "failed" ? "FAILED" : outcome).padEnd(7)}  ${`${(durationMs / 1_000).toFixed(1)} s`.padStart(8)}  ${oneLine(found)}`.trimEnd(),
    ),
  ].join("\n");
}

const byHand = (kubeconfig: string): string =>
  [
    "To check by hand:",
    `  export KUBECONFIG=${shellQuote(kubeconfig)}`,
    "  kubectl get vm,vmi,dv -A",
    "  virtctl start|stop|restart|migrate VM    virtctl console VM    virtctl guestosinfo VM",
  ].join("\n");
