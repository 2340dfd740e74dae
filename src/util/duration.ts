const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000 };

/** Milliseconds of `45m`, `1h30m`, `90s`; undefined for what is not such a duration. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d{1,9}(?:\.\d{1,3})?[hms])+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)([hms])/g)) sum += Number(amount) * (UNITS[unit ?? ""] ?? 0);
  return Math.round(sum);
}
