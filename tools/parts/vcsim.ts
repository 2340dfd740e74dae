import { goPart } from "../../setup/go-build.ts";

const VERSION = "v0.52.0";

/** A vCenter for tests and for the demo: govmomi's simulator with certificates and faults. */
export const vcsim = goPart({
  id: "vcsim",
  version: VERSION,
  folder: "tools/vcsim",
  sources: ["certificate.go", "clone.go", "front.go", "likeness.go", "main.go", "model.go", "rules.go", "sessions.go"],
  packages: { vcsim: "." },
  seconds: 55,
  programs: [{ name: "vcsim", versionArgs: ["-version"] }],
});
