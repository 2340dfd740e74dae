import { baremetalPool, baremetalSchema } from "./baremetal/schema.ts";
import { externalSchema } from "./external/schema.ts";
import { kvmPool, kvmSchema } from "./kvm/schema.ts";
import { noneSchema } from "./none/schema.ts";
import { vspherePool, vsphereSchema } from "./vsphere/schema.ts";

/** What may stand under `platform:`. */
export const PLATFORM_SCHEMAS = { kvm: kvmSchema, vsphere: vsphereSchema, baremetal: baremetalSchema, none: noneSchema, external: externalSchema };

/** What may stand under a pool's `platform:`. */
export const POOL_PLATFORMS = { kvm: kvmPool, vsphere: vspherePool, baremetal: baremetalPool };

export type PlatformName = keyof typeof PLATFORM_SCHEMAS;
export const PLATFORM_NAMES = Object.keys(PLATFORM_SCHEMAS).toSorted() as readonly PlatformName[];

/** Platforms of OpenShift that are not ours: named in the error, not taken for a typing mistake. */
export const FOREIGN_PLATFORMS: ReadonlySet<string> = new Set([
  "aws",
  "azure",
  "gcp",
  "ibmcloud",
  "libvirt",
  "nutanix",
  "openstack",
  "ovirt",
  "powervc",
  "powervs",
]);
