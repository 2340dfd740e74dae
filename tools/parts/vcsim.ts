import { goPart } from "../setup/go-build.ts";
import { goArch } from "../setup/platform.ts";

const VERSION = "v0.52.0";
const FOLDER = "tools/vcsim";
const RELEASE = `https://github.com/vmware/govmomi/releases/download/${VERSION}`;
const ARCHIVE = `govc_Linux_${goArch() === "amd64" ? "x86_64" : goArch()}.tar.gz`;

/** A vCenter for tests and for the demo: govmomi's simulator with certificates and faults. */
export const vcsim = goPart({
  id: "vcsim",
  version: VERSION,
  folder: FOLDER,
  sources: ["certificate.go", "front.go", "likeness.go", "main.go", "model.go", "rules.go", "sessions.go"],
  packages: { vcsim: "." },
  programs: [{ name: "vcsim", versionArgs: ["-version"] }],
});

/** vSphere's command line, with which templates are imported. */
export const govc = goPart({
  id: "govc",
  version: VERSION,
  folder: FOLDER,
  sources: ["govc"],
  packages: { govc: "./govc" },
  ldflags: [`-X github.com/vmware/govmomi/cli/flags.BuildVersion=${VERSION}`],
  programs: [{ name: "govc", versionArgs: ["version"] }],
  downloads: [{ url: `${RELEASE}/${ARCHIVE}`, sums: `${RELEASE}/checksums.txt`, members: { govc: "govc" } }],
});
