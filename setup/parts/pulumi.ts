import { goPart } from "../go-build.ts";
import { goArch } from "../platform.ts";

const VERSION = "v3.276.0";
const RELEASE = `https://github.com/pulumi/pulumi/releases/download/${VERSION}`;
const platform = `${process.platform}-${process.arch === "x64" ? "x64" : goArch()}`;

/** The Pulumi CLI, of the same version as the SDK in package.json. Without the version stamp the Automation API refuses it. */
export const pulumi = goPart({
  id: "pulumi",
  version: VERSION,
  folder: "setup/go/pulumi",
  packages: { pulumi: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
  ldflags: [`-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${VERSION}`],
  seconds: 270,
  programs: [{ name: "pulumi", versionArgs: ["version"] }],
  downloads: [
    {
      url: `${RELEASE}/pulumi-${VERSION}-${platform}.tar.gz`,
      sums: `${RELEASE}/pulumi-${VERSION.slice(1)}-checksums.txt`,
      members: { pulumi: "pulumi/pulumi" },
    },
  ],
});
