import { goPart } from "../../setup/go-build.ts";
import { goArch } from "../../setup/platform.ts";

/** Of the Kubernetes that Pulumi's plugin has: 0.8 costs six times the processor's time, for nothing that the tests use. */
const VERSION = "v0.7.0";

/** Plays kubelet, and moves the status of any object by rules: for tests of what runs in the cluster. */
export const kwok = goPart({
  id: "kwok",
  version: VERSION,
  folder: "tools/go/kwok",
  packages: { kwok: "sigs.k8s.io/kwok/cmd/kwok" },
  seconds: 25,
  buildsAfter: ["kubernetes-plugin"],
  programs: [{ name: "kwok", versionArgs: ["--version"] }],
  downloads: [{ url: `https://github.com/kubernetes-sigs/kwok/releases/download/${VERSION}/kwok-linux-${goArch()}`, as: "kwok" }],
});
