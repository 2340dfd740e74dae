import { z } from "zod";

export const templateInputs = z.strictObject({
  name: z.string().min(1).max(80),
  infraID: z.string().min(1),
  datacenter: z.string().min(1),
  /** Inventory paths. */
  folder: z.string().startsWith("/"),
  computeCluster: z.string().startsWith("/"),
  resourcePool: z.string().startsWith("/"),
  datastore: z.string().startsWith("/"),
  /** Port group that the OVA's one network is mapped to. */
  network: z.string().min(1),
  /** Local path of the OVA. */
  source: z.string().min(1),
  /** Of the file at `source`: hexadecimal, lower case. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits"),
  /** As the datastore's policy says unless given. */
  diskProvisioning: z.enum(["thin", "thick", "eagerZeroedThick"]).optional(),
  /** Clones shall run virtual machines, and whoever makes them cannot say so: they have it from their template. */
  nestedVirtualization: z.boolean().optional(),
  /** Tag ids. */
  tags: z.array(z.string()),
});

export type TemplateInputs = z.infer<typeof templateInputs>;
