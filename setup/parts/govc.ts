import { goPart } from "../go-build.ts";
import { goArch } from "../platform.ts";

const VERSION = "v0.52.0";
const RELEASE = `https://github.com/vmware/govmomi/releases/download/${VERSION}`;
const ARCHIVE = `govc_Linux_${goArch() === "amd64" ? "x86_64" : goArch()}.tar.gz`;

/** vSphere's command line, with which templates are imported. */
export const govc = goPart({
  id: "govc",
  version: VERSION,
  folder: "setup/go/govc",
  sources: ["main.go"],
  packages: { govc: "." },
  ldflags: [`-X github.com/vmware/govmomi/cli/flags.BuildVersion=${VERSION}`],
  seconds: 51,
  programs: [{ name: "govc", versionArgs: ["version"] }],
  downloads: [{ url: `${RELEASE}/${ARCHIVE}`, sums: `${RELEASE}/checksums.txt`, members: { govc: "govc" } }],
});
