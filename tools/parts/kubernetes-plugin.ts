import type { Part } from "../setup/part.ts";
import { goArch } from "../setup/platform.ts";
import { checkoutProgram } from "./checkout-program.ts";

const NAME = "pulumi-resource-kubernetes";
/** That of @pulumi/kubernetes in package.json: its classes ask for it. */
const VERSION = "4.34.2";
const RELEASE = `https://github.com/pulumi/pulumi-kubernetes/releases/download/v${VERSION}`;

/** Pulumi's official kubernetes plugin; where it cannot be downloaded a way to ours, which `bin/plugin` starts by itself. */
export const kubernetesPlugin: Part = {
  ...checkoutProgram({
    name: NAME,
    version: VERSION,
    what: "A kubernetes plugin for Pulumi",
    main: "tools/kubernetes-plugin/main.ts",
    register: "kubernetes-plugin.checkouts",
  }),
  downloads: [
    {
      url: `${RELEASE}/${NAME}-v${VERSION}-${process.platform}-${goArch()}.tar.gz`,
      sums: `${RELEASE}/pulumi-kubernetes_${VERSION}_checksums.txt`,
      members: { [NAME]: NAME },
    },
  ],
};
