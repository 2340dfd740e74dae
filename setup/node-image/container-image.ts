import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { create } from "tar";
import type { BuildContext } from "./context.ts";

export interface ContainerImage {
  /** Full reference with tag. */
  readonly reference: string;
  /** Path inside the image -> file on this machine; all executable. */
  readonly files: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
}

/**
 * Writes a one-layer image as an archive in the OCI image layout, reproducibly.
 * Source: OCI image-spec v1.1, image-layout.md and manifest.md.
 */
export async function makeContainerImage(context: BuildContext, image: ContainerImage, archive: string): Promise<void> {
  const layout = join(context.workDir, `oci-${createHash("sha256").update(image.reference).digest("hex").slice(0, 8)}`);
  const layerRoot = join(layout, "rootfs");
  for (const [inside, outside] of Object.entries(image.files)) {
    const target = join(layerRoot, inside);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(outside, target);
    await chmod(target, 0o755);
  }
  const layerFile = join(layout, "layer.tar");
  await create({ file: layerFile, cwd: layerRoot, portable: true, mtime: new Date(0) }, ["."]);
  const layer = await readFile(layerFile);
  const config = {
    architecture: "amd64",
    os: "linux",
    config: { Entrypoint: image.entrypoint, Env: ["PATH=/bin:/usr/bin"], WorkingDir: "/" },
    rootfs: { type: "layers", diff_ids: [digestOf(layer)] },
    history: [{ created_by: "virt-ipi" }],
  };
  const blobs = join(layout, "image/blobs/sha256");
  await mkdir(blobs, { recursive: true });
  const put = async (content: Buffer, mediaType: string): Promise<{ mediaType: string; digest: string; size: number }> => {
    const digest = digestOf(content);
    await writeFile(join(blobs, digest.slice("sha256:".length)), content);
    return { mediaType, digest, size: content.length };
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: await put(Buffer.from(JSON.stringify(config)), "application/vnd.oci.image.config.v1+json"),
    layers: [await put(layer, "application/vnd.oci.image.layer.v1.tar")],
  };
  const descriptor = await put(Buffer.from(JSON.stringify(manifest)), "application/vnd.oci.image.manifest.v1+json");
  const index = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [
      {
        ...descriptor,
        annotations: { "io.containerd.image.name": image.reference, "org.opencontainers.image.ref.name": image.reference.split(":").at(-1) },
      },
    ],
  };
  await writeFile(join(layout, "image/index.json"), JSON.stringify(index));
  await writeFile(join(layout, "image/oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  await mkdir(dirname(archive), { recursive: true });
  await create({ file: archive, cwd: join(layout, "image"), portable: true, mtime: new Date(0) }, ["oci-layout", "index.json", "blobs"]);
  await rm(layout, { recursive: true, force: true });
  context.log(`container image ${image.reference}: ${Math.round((await stat(archive)).size / 1e6)} MB`);
}

const digestOf = (content: Uint8Array): string => `sha256:${createHash("sha256").update(content).digest("hex")}`;
