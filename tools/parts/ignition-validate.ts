import { goPart } from "../../setup/go-build.ts";

const VERSION = "2.14.0";

/** Ignition's own validator, of the version that runs in the node image's initramfs. Debian's `ignition` package has it too. */
export const ignitionValidate = goPart({
  id: "ignition-validate",
  version: VERSION,
  folder: "tools/go/ignition",
  packages: { "ignition-validate": "github.com/coreos/ignition/v2/validate" },
  ldflags: [`-X github.com/coreos/ignition/v2/internal/version.Raw=${VERSION}`],
  seconds: 42,
  programs: [{ name: "ignition-validate", versionArgs: ["-version"] }],
});
