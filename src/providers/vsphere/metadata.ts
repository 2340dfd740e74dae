import { z } from "zod";
import { planMachines, vmFolder, type ClusterSpec, type Identity } from "../../config/index.ts";
import { InstallerError } from "../../errors/index.ts";
import type { PlatformMetadata } from "../platform.ts";
import { addressOf } from "./address.ts";
import { usedDomains } from "./program.ts";
import { failureDomainOf, vsphereSpecOf } from "./vsphere-spec.ts";

const domain = z.looseObject({
  name: z.string().min(1),
  /** One of `VCenters[].vCenter`. */
  vCenter: z.string().min(1),
  computeCluster: z.string(),
  /** Inventory path of the machines' folder. */
  folder: z.string(),
});

const vsphereMetadata = z.looseObject({
  platform: z.literal("vsphere"),
  // As openshift-install writes and reads it. Secret: passwords in clear.
  VCenters: z.array(z.looseObject({ vCenter: z.string().min(1), username: z.string(), password: z.string() })).min(1),
  // Ours; absent in a file that openshift-install has written.
  failureDomains: z.array(domain).default([]),
  /** Exact names of the machines that we make. */
  machines: z.array(z.string()).default([]),
});

/** What metadata.json keeps of a cluster on vSphere: all that scan and destroy need, by openshift-install as well. */
export type VSphereMetadata = z.infer<typeof vsphereMetadata>;

export function metadataOf(spec: ClusterSpec, identity: Identity): VSphereMetadata {
  const platform = vsphereSpecOf(spec);
  const machines = planMachines(spec, identity);
  const serverOf = (server: string): string => addressOf(platform.vcenters.find((each) => each.server === server) ?? { server, port: 443 });
  return {
    platform: "vsphere",
    terraform_platform: "vsphere",
    VCenters: platform.vcenters.map((vcenter) => ({ vCenter: addressOf(vcenter), username: vcenter.user, password: vcenter.password })),
    failureDomains: usedDomains(spec, machines)
      .map((name) => failureDomainOf(platform, name))
      .map(({ name, server, topology }) => ({
        name,
        vCenter: serverOf(server),
        computeCluster: topology.computeCluster,
        folder: vmFolder(topology, identity.infraID),
      })),
    machines: machines.map(({ name }) => name),
  };
}

/** @throws InstallerError CLUSTER_UNKNOWN if the entry is neither ours nor openshift-install's */
export function parseMetadata(metadata: PlatformMetadata): VSphereMetadata {
  const parsed = vsphereMetadata.safeParse(singleForm(metadata));
  if (parsed.success) return parsed.data;
  throw new InstallerError("CLUSTER_UNKNOWN", "metadata.json does not describe a cluster on vSphere", {
    details: parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`),
  });
}

/** Older files of openshift-install have one vCenter, beside the others' place. */
function singleForm(metadata: PlatformMetadata): PlatformMetadata {
  const { vCenter, username, password } = metadata;
  return metadata["VCenters"] === undefined && typeof vCenter === "string" ? { ...metadata, VCenters: [{ vCenter, username, password }] } : metadata;
}
