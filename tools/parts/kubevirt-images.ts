import { join } from "node:path";
import { buildNodeImage, nodeImage } from "../../setup/parts/node-image.ts";
import { supplied, type FilePart } from "../../setup/part.ts";
import { kubevirt, KUBEVIRT_FLAGS, OPERATORS } from "./kubevirt.ts";

const ARCHIVE = "kubevirt-images.tar";
const NODE_IMAGE = "node-image-kubevirt";

/** KubeVirt's images, which are published at a registry only, and a small guest, as an archive that containerd imports. */
export const kubevirtImages: FilePart = {
  kind: "files",
  id: "kubevirt-images",
  version: kubevirt.version,
  needs: ["debian-packages", kubevirt.id],
  buildNeeds: ["go", "c-compiler"],
  inputs: ["tools/kubevirt-images", "tools/go/kubevirt-node", "setup/node-image/container-image.ts", "setup/node-image/debian.ts"],
  recipe: { flags: KUBEVIRT_FLAGS },
  expose: "images",
  seconds: 400,
  build: async (context, into) => {
    const { buildImages } = await import("../kubevirt-images/build.ts");
    const { version } = kubevirt;
    const operators = OPERATORS.map((name) => supplied(context, `kubevirt-${version}/${name}`));
    await buildImages(context, { version, ldflags: KUBEVIRT_FLAGS, operators }, join(into, ARCHIVE));
  },
};

/** The node image with these images in its containerd: on emulated machines importing them would take minutes. */
export const kubevirtNodeImage: FilePart = {
  ...nodeImage,
  id: NODE_IMAGE,
  needs: [...nodeImage.needs, kubevirtImages.id],
  seconds: 150,
  build: (context, into) => buildNodeImage(context, into, NODE_IMAGE, [supplied(context, ARCHIVE)]),
};
