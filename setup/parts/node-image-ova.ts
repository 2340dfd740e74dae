import { join } from "node:path";
import { supplied, type Part } from "../part.ts";
import { nodeImage } from "./node-image.ts";

/** The node image as vSphere imports it. */
export const nodeImageOva: Part = {
  kind: "files",
  id: "node-image-ova",
  version: nodeImage.version,
  needs: [nodeImage.id],
  inputs: ["setup/node-image/ova.ts", "setup/node-image/ovf.ts"],
  expose: "images",
  build: async (context, into) => {
    const image = supplied(context, "node-image.qcow2");
    const { makeOva } = await import("../node-image/ova.ts");
    await makeOva({ run: context.run, signal: context.signal, image, to: join(into, "node-image.ova") });
  },
};
