import { code, page, table } from "./page.ts";

/** docs/reference/phases.md, from THE list of phases. */
export function phasesPage(phases: readonly { readonly id: string; readonly title: string }[]): string {
  if (phases.length === 0) throw new Error("there are no phases");
  return page(
    "# Phases",
    "What `virt-ipi create cluster` and `virt-ipi resume` walk through, in this order. The ids stand in the journal, in events and in `virt-ipi status`. Each phase sees by itself what is done already.",
    table(
      ["", "phase", "what it does"],
      phases.map(({ id, title }, index) => [String(index + 1), code(id), title]),
    ),
  );
}
