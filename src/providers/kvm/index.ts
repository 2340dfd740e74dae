import { ALLOWED_PARAMETERS_VARIABLE } from "../../config/platforms/kvm/index.ts";
import { isSessionHere, paceOf } from "./acceleration.ts";
import { removeFromHosts, scanHosts } from "./hosts.ts";
import { Libvirt } from "./libvirt.ts";
import type { Platform, PlatformAccess, PlatformMetadata } from "../platform.ts";
import { readKvmConsole } from "./console.ts";
import { gatherCluster } from "./gather.ts";
import { metadataOf, metadataOfCluster, parseMetadata, urisOf, type KvmMetadata } from "./metadata.ts";
import { preflight } from "./preflight/index.ts";

/** @throws InstallerError METADATA_INVALID before anything is asked of libvirt */
function open(infraID: string, metadata: PlatformMetadata, access: PlatformAccess): readonly [Libvirt, KvmMetadata] {
  const parsed = metadataOfCluster(infraID, metadata);
  return [new Libvirt(parsed.uri, access), parsed];
}

/** Machines on a KVM host, local or remote, through libvirt; those that the cluster creates itself also on others. */
export const kvm: Platform = {
  name: "kvm",
  resources: () => import("./resources.ts"),
  kinds: { "virt-ipi:kvm:Machine": "domain", "virt-ipi:kvm:StoragePool": "pool", "virt-ipi:kvm:BaseImage": "volume" },
  image: { format: "qcow2", isNeeded: () => true },
  preflight,
  program: async (input) => (await import("./program.ts")).program(input),
  metadata: metadataOf,
  scan: async (infraID, metadata, context) => await scanHosts(infraID, metadataOfCluster(infraID, metadata), context),
  remove: async (infraID, object, metadata, context) => await removeFromHosts(infraID, object, metadataOfCluster(infraID, metadata), context),
  pace: async (metadata, context) => await paceOf(new Libvirt(parseMetadata(metadata).uri, context)),
  gather: async (infraID, metadata, context) => {
    const [libvirt, known] = open(infraID, metadata, context);
    return await gatherCluster(libvirt, infraID, known);
  },
  actuator: async (input) => (await import("./actuator/index.ts")).openActuator(input),
  service: { environment: [ALLOWED_PARAMETERS_VARIABLE], runsMachines: (metadata) => urisOf(parseMetadata(metadata)).some(isSessionHere) },
  consoleOf: readKvmConsole,
};
