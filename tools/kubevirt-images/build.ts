import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type ContainerImage, type ImageContext, layerOfFiles, layerOfFolder, writeImageArchive } from "../../setup/node-image/container-image.ts";
import type { PartContext } from "../../setup/part.ts";
import { bootDisk } from "./boot-sector.ts";
import { buildPrograms, moduleFolder } from "./programs.ts";
import { finishRootfs, makeRootfs, OPERATOR } from "./rootfs.ts";

/** A containerDisk of one sector, see `bootDisk`. */
export const BOOT_SECTOR_IMAGE = "localhost/virt-ipi/boot-sector:1";

export interface Release {
  readonly version: string;
  readonly ldflags: readonly string[];
  /** Paths of virt-operator, virt-api and virt-controller. */
  readonly operators: readonly string[];
}

/**
 * Builds KubeVirt's images as an archive in the OCI image layout. All have the same file system, which is in it once; they differ in what they start,
 * and as whom.
 * @throws InstallerError EXEC_FAILED, SETUP_BUILD_FAILED
 */
export async function buildImages(context: PartContext, { version, ldflags, operators }: Release, archive: string): Promise<void> {
  const work = `${archive}.work`;
  const images: ImageContext = { run: context.run, workDir: work, log: context.log, signal: context.signal };
  try {
    await mkdir(work, { recursive: true });
    const root = join(work, "root");
    await makeRootfs(images, root);
    const programs = await buildPrograms(context, { work, root, ldflags });
    const own = Object.fromEntries(operators.map((path) => [basename(path), path]));
    await finishRootfs(context, root, { ...programs, ...own }, await moduleFolder(context));
    const layer = await layerOfFolder(images, "kubevirt", root);
    const image = (name: string, user?: number): ContainerImage => ({
      reference: `quay.io/kubevirt/${name}:${version}`,
      layer,
      entrypoint: [`/usr/bin/${name}`],
      user,
    });
    await writeImageArchive(
      images,
      [...Object.keys(own).map((name) => image(name, OPERATOR)), image("virt-handler"), image("virt-launcher"), await guest(images)],
      archive,
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Source: KubeVirt user guide, "containerDisk": the image is the only file in /disk. */
async function guest(context: ImageContext): Promise<ContainerImage> {
  const disk = join(context.workDir, "disk.img");
  await writeFile(disk, bootDisk());
  return { reference: BOOT_SECTOR_IMAGE, layer: await layerOfFiles(context, "boot-sector", { "disk/disk.img": disk }), entrypoint: ["/none"] };
}
