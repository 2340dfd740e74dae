import { goPart } from "../go-build.ts";

const VERSION = "1.0.0";

/** What hands configs to machines that boot, in the node image and in tests. */
export const machineConfigServer = goPart({
  id: "machine-config-server",
  version: VERSION,
  folder: "setup/machine-config-server",
  sources: ["main.go", "nodes.go", "server.go", "token.go"],
  packages: { "machine-config-server": "." },
  seconds: 25,
  programs: [{ name: "machine-config-server", versionArgs: ["-version"] }],
});
