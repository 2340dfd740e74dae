import { rm } from "node:fs/promises";
import { join } from "node:path";
import { GO_FLAGS } from "../go-build.ts";
import { makeContainerImage } from "./container-image.ts";
import { BUSYBOX_IMAGE, COREDNS_IMAGE, PAUSE_IMAGE, type BuildContext } from "./context.ts";
import { ROOT } from "../paths.ts";

const ARCHIVES = "tmp/container-images";

/**
 * Makes the container images that every node has and unpacks them into the image's containerd: on an emulated machine
 * that would take the first boot half a minute.
 */
export async function preload(context: BuildContext, root: string): Promise<void> {
  const pause = join(context.workDir, "pause");
  await context.run("go", ["build", ...GO_FLAGS, "-ldflags", "-s -w", "-o", pause, "."], {
    cwd: join(ROOT, "setup/node-image/pause"),
    env: { CGO_ENABLED: "0" },
  });
  const archive = (name: string): string => join(root, ARCHIVES, `${name}.tar`);
  await makeContainerImage(context, { reference: PAUSE_IMAGE, files: { pause }, entrypoint: ["/pause"] }, archive("pause"));
  await makeContainerImage(
    context,
    { reference: COREDNS_IMAGE, files: { coredns: join(context.binDir, "coredns") }, entrypoint: ["/coredns"] },
    archive("coredns"),
  );
  const busybox = { "bin/busybox": join(root, "bin/busybox"), "bin/sh": join(root, "bin/busybox") };
  await makeContainerImage(context, { reference: BUSYBOX_IMAGE, files: busybox, entrypoint: ["/bin/sh"] }, archive("busybox"));
  await context.run(
    "unshare",
    [
      ...["--mount", "--pid", "--fork", "--kill-child"],
      join(ROOT, "setup/node-image/import-container-images"),
      root,
      ...["pause", "coredns", "busybox"].map((name) => `/${ARCHIVES}/${name}.tar`),
    ],
    { signal: context.signal, timeoutMs: 300_000, onLine: (line) => context.log(line) },
  );
  await rm(join(root, ARCHIVES), { recursive: true });
}
