import { goPart } from "../../setup/go-build.ts";
import { goArch } from "../../setup/platform.ts";
import { kubevirt, KUBEVIRT_FLAGS } from "./kubevirt.ts";

/** KubeVirt's client, for the commands of the guide. */
export const virtctl = goPart({
  id: "virtctl",
  version: kubevirt.version,
  folder: "tools/go/virtctl",
  packages: { virtctl: "kubevirt.io/kubevirt/cmd/virtctl" },
  ldflags: KUBEVIRT_FLAGS,
  seconds: 60,
  buildsAfter: [kubevirt.id],
  programs: [{ name: "virtctl", versionArgs: ["version", "--client"] }],
  downloads: [
    {
      url: `https://github.com/kubevirt/kubevirt/releases/download/${kubevirt.version}/virtctl-${kubevirt.version}-linux-${goArch()}`,
      as: "virtctl",
    },
  ],
});
