import { baseImageName } from "../names.ts";
import type { ActuatorInput } from "../../platform.ts";
import type { Actuator } from "../../actuator.ts";
import { metadataOfCluster, urisOf } from "../metadata.ts";
import { KvmActuator } from "./actuator.ts";
import type { Allowed } from "./provider-spec.ts";

/**
 * What makes a cluster's own Machines on libvirt hosts.
 * `allow`: `uris`, `pools`, `images`, `networks` (names of networks and bridges) beside those that the installer has used.
 * @throws InstallerError METADATA_INVALID
 */
export function openActuator(input: ActuatorInput): Actuator {
  const { infraID, allow = {} } = input;
  const metadata = metadataOfCluster(infraID, input.metadata);
  const image = baseImageName(infraID);
  const own = metadata.network ?? metadata.bridge;
  const network = own === undefined ? undefined : { kind: metadata.network === undefined ? ("bridge" as const) : ("network" as const), name: own };
  const allowed: Allowed = {
    uris: [...urisOf(metadata), ...(allow["uris"] ?? [])],
    pools: [metadata.pool, ...(allow["pools"] ?? [])],
    images: [image, ...(allow["images"] ?? [])],
    networks: [...(own === undefined ? [] : [own]), ...(allow["networks"] ?? [])],
    defaults: { uri: metadata.uri, pool: metadata.pool, image, ...(network === undefined ? {} : { network }) },
  };
  return new KvmActuator({ ...input, allowed, planned: new Set(metadata.machines) });
}
