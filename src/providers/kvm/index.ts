import { Libvirt } from "./libvirt.ts";
import type { Platform, PlatformContext, PlatformMetadata } from "../platform.ts";
import { readKvmConsole } from "./console.ts";
import { gatherCluster } from "./gather.ts";
import { metadataOf, parseMetadata } from "./metadata.ts";
import { preflight } from "./preflight/index.ts";
import { removeObject, scanCluster } from "./scan.ts";

const connect = (metadata: PlatformMetadata, { run, signal }: Pick<PlatformContext, "run" | "signal">): Libvirt =>
  new Libvirt(parseMetadata(metadata).uri, run, signal);

/** Machines on one KVM host, local or remote, through libvirt. */
export const kvm: Platform = {
  name: "kvm",
  image: { format: "qcow2", isNeeded: () => true },
  preflight,
  program: async (input) => (await import("./program.ts")).program(input),
  metadata: metadataOf,
  scan: (infraID, metadata, context) => scanCluster(connect(metadata, context), infraID, parseMetadata(metadata)),
  remove: (object, metadata, context) => removeObject(connect(metadata, context), object, parseMetadata(metadata)),
  gather: (infraID, metadata, context) => gatherCluster(connect(metadata, context), infraID, parseMetadata(metadata)),
  consoleOf: readKvmConsole,
};
