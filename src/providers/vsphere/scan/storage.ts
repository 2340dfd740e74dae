import type { OwnedObject } from "../../platform.ts";
import { storagePolicyName } from "../names.ts";
import type { VCenterScan } from "./vcenter-scan.ts";

interface Volume {
  readonly name?: string;
  readonly volumeId?: { readonly id?: string };
  readonly metadata?: { readonly containerCluster?: { readonly clusterId?: string } };
}

/** Volumes that the CSI driver has made for the cluster. */
export async function ownedVolumes({ govc, server, infraID }: VCenterScan): Promise<readonly OwnedObject[]> {
  const answer = await govc.json<{ readonly volume?: readonly Volume[] | null }>(["volume.ls", "-c", infraID]);
  return (
    (answer?.volume ?? [])
      // Asked again here: a vCenter that does not know the filter answers with all volumes there are.
      .filter(({ metadata }) => metadata?.containerCluster?.clusterId === infraID)
      .flatMap(({ name, volumeId }): readonly OwnedObject[] => {
        const id = volumeId?.id;
        return id === undefined ? [] : [{ kind: "cns-volume", name: name ?? id, id: `${server}/${id}`, madeBy: "cluster" }];
      })
  );
}

/** The storage policy that OpenShift's CSI operator makes. */
export async function ownedPolicies({ govc, server, infraID }: VCenterScan): Promise<readonly OwnedObject[]> {
  const name = storagePolicyName(infraID);
  // A line is an id, two spaces, and the name.
  const lines = (await govc.text(["storage.policy.ls"])).split("\n");
  return lines.some((line) => line.trimEnd().endsWith(`  ${name}`))
    ? [{ kind: "storage-policy", name, id: `${server}/${name}`, madeBy: "cluster" }]
    : [];
}
