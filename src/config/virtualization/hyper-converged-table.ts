import { ELSEWHERE, FIELD_SINCE, GATES, TYPED_BY } from "./hyper-converged-fields.ts";

/** A field or gate of HyperConverged that can be sent. */
export interface HyperConvergedRow {
  /** In `spec`. */
  readonly field: string;
  /** In the field featureGates. */
  readonly gate?: string;
  /** The key of install-config.yaml. */
  readonly key: string;
  /** Minor version of HCO that it came with. */
  readonly since: string;
  /** Whose types it is made of, where they are not HCO's own. */
  readonly typedBy?: string;
}

/** Every field of HyperConverged's spec that an installation may send, by name. */
export function hyperConvergedFields(): readonly HyperConvergedRow[] {
  const at = "virtualization.hyperConverged";
  const rows: readonly HyperConvergedRow[] = [
    ...Object.entries(FIELD_SINCE).map(([field, since]) => ({ field, key: `${at}.${field}`, since })),
    ...Object.entries(GATES).map(([gate, since]) => ({ field: "featureGates", gate, key: `${at}.featureGates`, since })),
    ...Object.entries(ELSEWHERE).map(([field, [key, since]]) => ({ field, key, since })),
  ];
  return rows
    .map((row) => (Object.hasOwn(TYPED_BY, row.field) ? { ...row, typedBy: TYPED_BY[row.field] ?? "" } : row))
    .toSorted((a, b) => a.field.localeCompare(b.field) || (a.gate ?? "").localeCompare(b.gate ?? ""));
}
