export interface PreviewStep {
  readonly operation: string;
  /** Pulumi type. */
  readonly kind: string;
  readonly name: string;
}

/** What a run of `virt-ipi preview --output json` says that would be done. @throws if it told no result */
export function previewSteps({ events }: { readonly events: readonly Readonly<Record<string, unknown>>[] }): readonly PreviewStep[] {
  const result = events.find(({ type }) => type === "result");
  if (result === undefined) throw new Error("the preview told no result");
  return result["steps"] as readonly PreviewStep[];
}
