import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../src/exec/index.ts";
import { sha256Of, writeFileAtomic } from "../../src/util/index.ts";
import { BUSYBOX_IMAGE, COREDNS_IMAGE, NODE_COMMANDS, PAUSE_IMAGE, type BuildContext } from "./context.ts";
import { makeDisk, makeQcow2 } from "./disk.ts";
import { makeInitramfs } from "./initramfs.ts";
import { preload } from "./preload.ts";
import { makeRootfs } from "./rootfs.ts";
import { ROOT } from "../paths.ts";

export interface NodeImage {
  readonly path: string;
  readonly sha256: string;
  /** What is inside: kernel, packages, commands, container images. */
  readonly manifest: Readonly<Record<string, unknown>>;
}

export interface NodeImageOptions {
  /** The image and its manifest are written here. */
  readonly cacheDir: string;
  /** Folder with the commands of `NODE_COMMANDS` and `coredns`. */
  readonly bin: string;
  /** Of the files, without their endings. */
  readonly name: string;
  /** Archives of container images, in the OCI image layout, that this image has besides those of every node. */
  readonly archives: readonly string[];
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** In MiB: what Debian and Kubernetes take, and for each byte of an archive its copy and what it is unpacked to. */
const ROOT_MIB = 3072;
const UNPACKED = 6;

/**
 * Builds the node image: Debian with Ignition in its initramfs, containerd and Kubernetes, as a qcow2 that boots from BIOS and UEFI.
 * Needs root (mmdebstrap, chroot) and, besides Debian's tools, the commands in `bin`.
 * @throws InstallerError EXEC_FAILED, EXEC_NOT_FOUND
 */
export async function build(options: NodeImageOptions): Promise<NodeImage> {
  await mkdir(options.cacheDir, { recursive: true });
  const workDir = await mkdtemp(join(options.cacheDir, "build-"));
  const templateDir = join(ROOT, "templates/node-image");
  const context: BuildContext = { run, workDir, binDir: options.bin, templateDir, log: options.log, signal: options.signal };
  try {
    const { root, packages } = await makeRootfs(context);
    const kernel = await makeInitramfs(context, root);
    await preload(context, root, options.archives);
    const path = join(options.cacheDir, `${options.name}.qcow2`);
    const sizes = await Promise.all(options.archives.map(async (archive) => (await stat(archive)).size));
    const size = ROOT_MIB + Math.ceil(sizes.reduce((sum, bytes) => sum + (bytes * UNPACKED) / 2 ** 20, 0));
    await makeQcow2(context, await makeDisk(context, root, size), path);
    const sha256 = await sha256Of(path);
    const manifest = {
      kernel,
      sha256,
      commands: NODE_COMMANDS,
      images: [PAUSE_IMAGE, COREDNS_IMAGE, BUSYBOX_IMAGE],
      packages: packages.trim().split("\n"),
    };
    await writeFileAtomic(join(options.cacheDir, `${options.name}.json`), `${JSON.stringify(manifest, undefined, 2)}\n`, 0o644);
    return { path, sha256, manifest };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}
