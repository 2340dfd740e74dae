import type { Row } from "./part.ts";
import { formatSeconds } from "./progress.ts";

const HEAD = ["PART", "VERSION", "FROM", "TIME", "SIZE", "PATH"] as const;

const RIGHT: ReadonlySet<string> = new Set(["TIME", "SIZE"]);

/** The rows as one aligned table. Sizes count in binary units; a part without one, or that was not built now, shows a dash. */
export function formatTable(rows: readonly Row[]): string {
  const cells = [HEAD, ...rows.map((row) => [row.id, row.version, row.source, formatSeconds(row.seconds), formatSize(row.size), row.path] as const)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((cell) => (cell[column] ?? "").length)));
  return cells
    .map((cell) =>
      cell
        .map((text, column) => (RIGHT.has(HEAD[column] ?? "") ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Bytes for people: `84.7 MiB`. */
export function formatSize(bytes: number | undefined): string {
  if (bytes === undefined) return "-";
  const units = ["B", "KiB", "MiB", "GiB"];
  const power = bytes === 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? "B"}`;
}
