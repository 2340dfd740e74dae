import { goPart } from "../../setup/go-build.ts";
import { goArch } from "../../setup/platform.ts";

const VERSION = "v0.8.0";

/** Plays kubelet, and moves the status of any object by rules: for tests of what runs in the cluster. */
export const kwok = goPart({
  id: "kwok",
  version: VERSION,
  folder: "tools/go/kwok",
  packages: { kwok: "sigs.k8s.io/kwok/cmd/kwok" },
  seconds: 165,
  programs: [{ name: "kwok", versionArgs: ["--version"] }],
  downloads: [{ url: `https://github.com/kubernetes-sigs/kwok/releases/download/${VERSION}/kwok-linux-${goArch()}`, as: "kwok" }],
});
