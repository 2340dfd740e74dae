import { code, page, table } from "./page.ts";

/** docs/reference/preflight.md, from each platform's list of checks. */
export function preflightPage(platforms: Readonly<Record<string, readonly { readonly id: string; readonly title: string }[]>>): string {
  return page(
    "# Preflight checks",
    "What `virt-ipi doctor` looks at, and `virt-ipi create cluster` before it creates anything. A failed check shows what it found and how to fix it; `--skip ID` leaves one out.",
    ...Object.entries(platforms).map(([platform, checks]) => {
      if (checks.length === 0) throw new Error(`platform ${platform} has no checks`);
      return [
        `## ${platform}`,
        table(
          ["id", "what must hold"],
          checks.map(({ id, title }) => [code(id), title]),
        ),
      ].join("\n\n");
    }),
  );
}
