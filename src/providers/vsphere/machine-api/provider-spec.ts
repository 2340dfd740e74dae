import type * as pulumi from "@pulumi/pulumi";
import type { ClusterSpec, Identity } from "../../../config/index.ts";
import { type FailureDomainSpec, vsphereProviderSpec } from "../../../config/platforms/vsphere/index.ts";
import { InstallerError } from "../../../errors/index.ts";
import type { MachineReferences, MachinesOfPool } from "../../machine-api.ts";
import { literal } from "../inventory.ts";
import { lastOf } from "../names.ts";
import { vsphereSpecOf } from "../vsphere-spec.ts";

/** Where machines of a failure domain are cloned from and to. */
export interface ClonePlace {
  /** With the paths that its objects really have. */
  readonly domain: FailureDomainSpec;
  /** Inventory path of the template, as a pattern. */
  readonly templatePath: pulumi.Input<string>;
}

/** The names that the Machine API has for how disks take space. */
const PROVISIONING = { thin: "Thin", thick: "Thick", eagerZeroedThick: "EagerlyZeroed" } as const;

/**
 * `providerSpec.value` of machines in one failure domain, as OpenShift's manifests have it, with what was found there. Paths are patterns to the
 * controller; networks it knows by their bare names, among those of the pool's compute cluster.
 * @throws InstallerError INTERNAL for a pool of another platform
 */
export function clonedMachineSpec(
  { pool }: MachinesOfPool,
  { userDataSecret }: MachineReferences,
  { domain, templatePath }: ClonePlace,
  { spec, identity }: { readonly spec: ClusterSpec; readonly identity: Identity },
): Readonly<Record<string, unknown>> {
  if (pool.vsphere === undefined) throw new InstallerError("INTERNAL", `pool ${pool.name} is not for vSphere`, { value: pool.name });
  const platform = vsphereSpecOf(spec);
  const mode = platform.diskType === undefined ? undefined : PROVISIONING[platform.diskType];
  const dataDisks = pool.vsphere.dataDisks.map((disk) => ({ ...(mode === undefined ? {} : { provisioningMode: mode }), ...disk }));
  const { workspace, ...value } = vsphereProviderSpec(
    { spec: { ...spec, platform: { ...platform, failureDomains: [domain] } }, identity },
    { ...pool, vsphere: { ...pool.vsphere, dataDisks } },
    domain.name,
    (device) => ({ ...device, networkName: lastOf(device.networkName ?? "") }),
  );
  const paths = Object.entries(workspace).map(([key, text]) => [key, text.startsWith("/") ? literal(text) : text]);
  return { ...value, userDataSecret: { name: userDataSecret }, template: templatePath, workspace: Object.fromEntries(paths) as object };
}
