import { z } from "zod";

/** What lies in a namespace. */
export const objectSchema = z.strictObject({ namespace: z.string().min(1), name: z.string().min(1) });

const olmTargetSchema = z.strictObject({
  subscription: z.string().min(1),
  packageName: z.string().min(1),
  channel: z.string().min(1),
  startingCSV: z.string().optional(),
  approval: z.enum(["Automatic", "Manual"]),
  catalogSource: objectSchema,
});

/** As resources take it. */
export const targetSchema = z.strictObject({
  source: z.enum(["OLM", "Manifests"]),
  /** Where the operators are; with OLM one. */
  namespaces: z.array(z.string()).min(1).readonly(),
  emulation: z.enum(["Auto", "On", "Off"]),
  /** Whether boot images are imported, so that a StorageClass is needed. */
  bootSources: z.boolean(),
  olm: olmTargetSchema.optional(),
});

/** What an installation of virtualization is meant to be, as far as observers must know it. JSON. */
export type Target = z.infer<typeof targetSchema>;
export type OlmTarget = z.infer<typeof olmTargetSchema>;
