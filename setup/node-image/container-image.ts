import { createHash } from "node:crypto";
import { chmod, copyFile, link, mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { create } from "tar";
import { sha256Of } from "../../src/util/index.ts";
import type { BuildContext } from "./context.ts";

export interface ContainerImage {
  /** Full reference with tag. */
  readonly reference: string;
  readonly layer: Layer;
  readonly entrypoint: readonly string[];
  /** Number of the user that it runs as; root unless given. */
  readonly user?: number | undefined;
}

/** A file system as a tar archive. */
export interface Layer {
  readonly file: string;
  readonly mediaType: "application/vnd.oci.image.layer.v1.tar" | "application/vnd.oci.image.layer.v1.tar+zstd";
  /** Digest of the archive as it is without compression. */
  readonly diffId: string;
}

/** What the writer of images uses of a build. */
export type ImageContext = Pick<BuildContext, "run" | "workDir" | "log" | "signal">;

/**
 * Packs single files into a layer, reproducibly: all owned by root and executable.
 * @param files path inside the image -> file on this machine
 * @param name of the layer, unique in the build
 */
export async function layerOfFiles({ workDir }: ImageContext, name: string, files: Readonly<Record<string, string>>): Promise<Layer> {
  const root = join(workDir, `${name}.layer`);
  for (const [inside, outside] of Object.entries(files)) {
    const target = join(root, inside);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(outside, target);
    await chmod(target, 0o755);
  }
  const file = `${root}.tar`;
  await create({ file, cwd: root, portable: true, mtime: new Date(0) }, ["."]);
  await rm(root, { recursive: true });
  return { file, mediaType: "application/vnd.oci.image.layer.v1.tar", diffId: `sha256:${await sha256Of(file)}` };
}

/**
 * Packs a root file system into a layer as it is: symbolic links, owners, modes and file capabilities. Needs GNU tar and zstd.
 * @param name of the layer, unique in the build
 */
export async function layerOfFolder(context: ImageContext, name: string, root: string): Promise<Layer> {
  const file = join(context.workDir, `${name}.layer.tar`);
  const { signal } = context;
  await context.run(
    "tar",
    [
      ...["--create", "--file", file, "--directory", root, "--format=pax", "--pax-option=delete=atime,delete=ctime", "--sort=name", "--mtime=@0"],
      ...["--numeric-owner", "--xattrs", "--xattrs-include=security.capability", "--one-file-system", "."],
    ],
    { signal, timeoutMs: 300_000 },
  );
  const diffId = `sha256:${await sha256Of(file)}`;
  await context.run("zstd", ["--quiet", "--rm", "-T0", "-3", file, "-o", `${file}.zst`], { signal, timeoutMs: 600_000 });
  return { file: `${file}.zst`, mediaType: "application/vnd.oci.image.layer.v1.tar+zstd", diffId };
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/**
 * Writes images of one layer each as an archive in the OCI image layout; layers that they share are in it once.
 * Source: OCI image-spec v1.1, image-layout.md and manifest.md.
 */
export async function writeImageArchive(context: ImageContext, images: readonly ContainerImage[], archive: string): Promise<void> {
  const layout = join(context.workDir, `oci-${createHash("sha256").update(archive).digest("hex").slice(0, 8)}`);
  const blobs = join(layout, "blobs/sha256");
  await mkdir(blobs, { recursive: true });
  const put = async (content: object, mediaType: string): Promise<Descriptor> => {
    const bytes = Buffer.from(JSON.stringify(content));
    const hex = createHash("sha256").update(bytes).digest("hex");
    await writeFile(join(blobs, hex), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };
  const putLayer = async ({ file, mediaType }: Layer): Promise<Descriptor> => {
    const hex = await sha256Of(file);
    const blob = join(blobs, hex);
    await rm(blob, { force: true });
    await link(file, blob);
    return { mediaType, digest: `sha256:${hex}`, size: (await stat(file)).size };
  };
  const manifests = [];
  for (const { reference, layer, entrypoint, user } of images) {
    const config = {
      architecture: "amd64",
      os: "linux",
      config: {
        ...(user === undefined ? {} : { User: String(user) }),
        Entrypoint: entrypoint,
        Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
        WorkingDir: "/",
      },
      rootfs: { type: "layers", diff_ids: [layer.diffId] },
      history: [{ created_by: "virt-ipi" }],
    };
    const manifest = {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: await put(config, "application/vnd.oci.image.config.v1+json"),
      layers: [await putLayer(layer)],
    };
    const descriptor = await put(manifest, "application/vnd.oci.image.manifest.v1+json");
    // By tag and by digest, as a pull leaves it: KubeVirt starts the other machine of a migration from the digest.
    const tag = reference.split(":").at(-1) ?? "";
    const byDigest = `${reference.slice(0, -tag.length - 1)}@${descriptor.digest}`;
    manifests.push(
      { ...descriptor, annotations: { "io.containerd.image.name": reference, "org.opencontainers.image.ref.name": tag } },
      { ...descriptor, annotations: { "io.containerd.image.name": byDigest } },
    );
  }
  await writeFile(join(layout, "index.json"), JSON.stringify({ schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests }));
  await writeFile(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  await mkdir(dirname(archive), { recursive: true });
  await create({ file: archive, cwd: layout, portable: true, mtime: new Date(0) }, ["oci-layout", "index.json", "blobs"]);
  await rm(layout, { recursive: true, force: true });
  context.log(`container images ${images.map(({ reference }) => reference).join(", ")}: ${Math.round((await stat(archive)).size / 1e6)} MB`);
}
