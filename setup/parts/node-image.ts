import { basename, dirname, join, resolve } from "node:path";
import { rename, rm } from "node:fs/promises";
import { InstallerError } from "../../src/errors/index.ts";
import { sha256Of } from "../../src/util/index.ts";
import { linkOrCopy } from "../files.ts";
import type { FilePart, PartContext } from "../part.ts";
import { etcd } from "./etcd.ts";
import { kubernetes } from "./kubernetes.ts";
import { machineConfigServer } from "./machine-config-server.ts";

/** The disk image of the `kubernetes` distribution, from which machines are cloned. */
export const nodeImage: FilePart = {
  kind: "files",
  id: "node-image",
  version: kubernetes.version,
  needs: ["debian-packages", etcd.id, "etcdctl", kubernetes.id, "coredns", machineConfigServer.id],
  buildNeeds: ["go"],
  inputs: ["setup/node-image", "templates/node-image"],
  expose: "images",
  seconds: 80,
  build: (context, into) => buildNodeImage(context, into, "node-image", []),
};

/**
 * Builds a node image of that name into a folder, from what the parts that `nodeImage` needs have supplied.
 * @param archives of container images that it has besides those of every node
 */
export async function buildNodeImage(context: PartContext, into: string, name: string, archives: readonly string[]): Promise<void> {
  // The programs may be the cache's or the machine's own; the recipe wants them in one folder.
  const bin = `${into}.bin`;
  try {
    for (const [program, path] of Object.entries(context.bin)) if (program !== "go") await linkOrCopy(path, join(bin, program));
    const { build } = await import("../node-image/build.ts");
    const image = await build({ cacheDir: into, bin, name, archives, log: context.log, signal: context.signal });
    if ((await sha256Of(image.path)) !== image.sha256)
      throw new InstallerError("SETUP_BUILD_FAILED", "the node image changed while it was written", { value: image.path });
    if (resolve(dirname(image.path)) !== resolve(into)) await rename(image.path, join(into, basename(image.path)));
  } finally {
    await rm(bin, { recursive: true, force: true });
  }
}
