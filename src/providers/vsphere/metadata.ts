import { z } from "zod";
import { type ClusterSpec, type CredentialSource, followReference, type Identity, type MachinePlan, planMachineSets } from "../../config/index.ts";
import { vmFolder } from "../../config/platforms/vsphere/index.ts";
import { InstallerError } from "../../errors/index.ts";
import { checkNames } from "../owned-names.ts";
import type { PlatformMetadata } from "../platform.ts";
import { addressOf } from "./address.ts";
import { usedDomains } from "./used-domains.ts";
import { failureDomainOf, vsphereSpecOf } from "./vsphere-spec.ts";

/** A name or address, with a port perhaps. File names are made from it. */
const server = z.string().regex(/^[A-Za-z0-9_.:[\]-]+$/, "must be the name or the address of a vCenter");
const inventoryPath = z.string().regex(/^\/(?!.*(?:^|\/)\.\.?(?:\/|$))/s, "must be an inventory path");

const domain = z.looseObject({
  name: z.string().min(1),
  /** One of `VCenters[].vCenter`. */
  vCenter: server,
  computeCluster: inventoryPath,
  /** Inventory path of the machines' folder. */
  folder: inventoryPath,
});

const vsphereMetadata = z.looseObject({
  platform: z.literal("vsphere"),
  // As openshift-install writes and reads it. Secret: passwords in clear.
  VCenters: z.array(z.looseObject({ vCenter: server, username: z.string(), password: z.string() })).min(1),
  // Ours; absent in a file that openshift-install has written.
  failureDomains: z.array(domain).default([]),
  /** PEM of the CAs that the vCenters' certificates may be of, besides the system's. */
  additionalTrustBundle: z.string().optional(),
  /** Exact names of the machines that we make. */
  machines: z.array(z.string()).default([]),
  /** Names of the MachineSets that the cluster was installed with: their machines are called `<name>-<5 characters>`. */
  machineSets: z.array(z.string()).default([]),
});

/** What metadata.json keeps of a cluster on vSphere: all that scan and destroy need, by openshift-install as well. */
export type VSphereMetadata = z.infer<typeof vsphereMetadata>;

export function metadataOf(spec: ClusterSpec, identity: Identity, machines: readonly MachinePlan[]): z.input<typeof vsphereMetadata> {
  const platform = vsphereSpecOf(spec);
  const sets = planMachineSets(spec, identity);
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
    ...(spec.additionalTrustBundle === undefined ? {} : { additionalTrustBundle: spec.additionalTrustBundle }),
    machines: machines.map(({ name }) => name),
    ...(sets.length === 0 ? {} : { machineSets: sets.map(({ name }) => name) }),
  };
}

/** The entry of one cluster, for finding and removing its objects. @throws InstallerError CLUSTER_UNKNOWN, METADATA_INVALID if it names what is not the cluster's */
export function metadataOfCluster(infraID: string, metadata: PlatformMetadata): VSphereMetadata {
  const parsed = parseMetadata(metadata);
  checkNames(infraID, parsed.machines);
  checkNames(infraID, parsed.machineSets);
  return parsed;
}

/** @throws InstallerError CLUSTER_UNKNOWN if the entry is neither ours nor openshift-install's */
export function parseMetadata(metadata: PlatformMetadata): VSphereMetadata {
  const parsed = vsphereMetadata.safeParse(singleForm(metadata));
  if (parsed.success) return parsed.data;
  throw new InstallerError("CLUSTER_UNKNOWN", "metadata.json does not describe a cluster on vSphere", {
    details: parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`),
  });
}

/**
 * The same with the credentials that user and password refer to (`env:NAME`, `file:PATH`), which the file does not hold.
 * @throws InstallerError CONFIG_INVALID if one is not available
 */
export function followReferences(metadata: PlatformMetadata, source: CredentialSource): PlatformMetadata {
  const parsed = parseMetadata(metadata);
  const follow = (text: string, path: string): string => {
    const found = followReference(text, source);
    if (found === undefined) return text;
    if ("text" in found) return found.text;
    throw new InstallerError("CONFIG_INVALID", `metadata.json: ${path}: ${found.problem}`, {
      value: path,
      advice: "Set it as it was when the cluster was created.",
    });
  };
  const VCenters = parsed.VCenters.map(({ username, password, ...rest }, index) => ({
    ...rest,
    username: follow(username, `vsphere.VCenters[${index}].username`),
    password: follow(password, `vsphere.VCenters[${index}].password`),
  }));
  return { ...parsed, VCenters };
}

/** Older files of openshift-install have one vCenter, beside the others' place. */
function singleForm(metadata: PlatformMetadata): PlatformMetadata {
  const { vCenter, username, password } = metadata;
  return metadata["VCenters"] === undefined && typeof vCenter === "string" ? { ...metadata, VCenters: [{ vCenter, username, password }] } : metadata;
}
