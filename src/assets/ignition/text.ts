import type { IgnitionConfig } from "./types.ts";

/** Canonical JSON: no spaces, the keys of every object sorted, lists as they are. The same config gives the same bytes. */
export function ignitionText(config: IgnitionConfig): string {
  return JSON.stringify(config, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** How large a config is, and what makes it so: bytes of JSON, the largest parts first. */
export interface SizeReport {
  readonly bytes: number;
  readonly largest: readonly { readonly name: string; readonly bytes: number }[];
}

export function sizeReport(config: IgnitionConfig, parts = 10): SizeReport {
  const named = [
    ...(config.storage?.files ?? []).map((file) => ({ name: file.path, bytes: bytesOf(file) })),
    ...(config.systemd?.units ?? []).map((unit) => ({ name: unit.name, bytes: bytesOf(unit) })),
  ];
  return { bytes: Buffer.byteLength(ignitionText(config)), largest: named.toSorted((a, b) => b.bytes - a.bytes).slice(0, parts) };
}

const bytesOf = (part: unknown): number => Buffer.byteLength(JSON.stringify(part));
