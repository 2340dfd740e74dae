import { goPart } from "../go-build.ts";
import { goArch } from "../platform.ts";

const VERSION = "v1.34.2";
const STAMP = "k8s.io/component-base/version";
const NAMES = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kubectl", "kube-proxy"];

/** The upstream commands that the node image runs and the tests start. */
export const kubernetes = goPart({
  id: "kubernetes",
  version: VERSION,
  folder: "setup/go/kubernetes",
  packages: Object.fromEntries(NAMES.map((name) => [name, `k8s.io/kubernetes/cmd/${name}`])),
  ldflags: [`-X ${STAMP}.gitVersion=${VERSION}`, `-X ${STAMP}.gitMajor=1`, `-X ${STAMP}.gitMinor=34`, `-X ${STAMP}.gitTreeState=clean`],
  seconds: 566,
  programs: NAMES.map((name) => ({ name, versionArgs: name === "kubectl" ? ["version", "--client"] : ["--version"] })),
  downloads: NAMES.map((name) => ({ url: `https://dl.k8s.io/release/${VERSION}/bin/linux/${goArch()}/${name}` })),
});
