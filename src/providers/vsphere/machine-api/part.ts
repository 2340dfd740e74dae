import type { ClusterSpec, Identity } from "../../../config/index.ts";
import { InstallerError } from "../../../errors/index.ts";
import type { MachineApiPart } from "../../machine-api.ts";
import { vsphereSpecOf } from "../vsphere-spec.ts";
import { vsphereObjects } from "./objects.ts";
import { clonedMachineSpec, type ClonePlace } from "./provider-spec.ts";

/** @param placeOf a failure domain in which the cluster's machines may be */
export const machineApiPart = (
  cluster: { readonly spec: ClusterSpec; readonly identity: Identity },
  placeOf: (zone: string) => ClonePlace | undefined,
): MachineApiPart => ({
  providerSpec: (machines, references) => {
    const place = placeOf(machines.zone ?? "");
    if (place === undefined)
      throw new InstallerError("INTERNAL", `no failure domain is planned for ${machines.pool.name}`, { value: machines.zone ?? "" });
    return clonedMachineSpec(machines, references, place, cluster);
  },
  objects: (namespace) => vsphereObjects(vsphereSpecOf(cluster.spec), namespace),
});
