import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { GO_FLAGS } from "../go-build.ts";
import { layerOfFiles, writeImageArchive } from "./container-image.ts";
import { BUSYBOX_IMAGE, COREDNS_IMAGE, PAUSE_IMAGE, type BuildContext } from "./context.ts";
import { ROOT } from "../paths.ts";

const ARCHIVES = "tmp/container-images";

/**
 * Makes the container images that every node has and unpacks them into the image's containerd: on an emulated machine
 * that would take the first boot half a minute.
 * @param more archives of images that this node image has besides
 */
export async function preload(context: BuildContext, root: string, more: readonly string[] = []): Promise<void> {
  const pause = join(context.workDir, "pause");
  await context.run("go", ["build", ...GO_FLAGS, "-ldflags", "-s -w", "-o", pause, "."], {
    cwd: join(ROOT, "setup/node-image/pause"),
    env: { CGO_ENABLED: "0" },
  });
  const busybox = join(root, "bin/busybox");
  const own = [
    { reference: PAUSE_IMAGE, name: "pause", files: { pause }, entrypoint: ["/pause"] },
    { reference: COREDNS_IMAGE, name: "coredns", files: { coredns: join(context.binDir, "coredns") }, entrypoint: ["/coredns"] },
    { reference: BUSYBOX_IMAGE, name: "busybox", files: { "bin/busybox": busybox, "bin/sh": busybox }, entrypoint: ["/bin/sh"] },
  ];
  const images = [];
  for (const { reference, name, files, entrypoint } of own) images.push({ reference, entrypoint, layer: await layerOfFiles(context, name, files) });
  await mkdir(join(root, ARCHIVES));
  await writeImageArchive(context, images, join(root, ARCHIVES, "node.tar"));
  for (const [index, archive] of more.entries()) await copyFile(archive, join(root, ARCHIVES, `${index}.tar`));
  await context.run(
    "unshare",
    [
      ...["--mount", "--pid", "--fork", "--kill-child"],
      join(ROOT, "setup/node-image/import-container-images"),
      root,
      ...["node", ...more.keys()].map((name) => `/${ARCHIVES}/${name}.tar`),
    ],
    { signal: context.signal, timeoutMs: 600_000, onLine: (line) => context.log(line) },
  );
  await rm(join(root, ARCHIVES), { recursive: true });
}
