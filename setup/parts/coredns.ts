import { goPart } from "../go-build.ts";
import { goArch } from "../platform.ts";

const VERSION = "1.12.4";

/** The cluster's DNS server, for its container image. */
export const coredns = goPart({
  id: "coredns",
  version: VERSION,
  folder: "setup/go/coredns",
  sources: ["main.go"],
  packages: { coredns: "." },
  seconds: 129,
  buildsAfter: ["machine-api"],
  programs: [{ name: "coredns", versionArgs: ["-version"] }],
  downloads: [
    {
      url: `https://github.com/coredns/coredns/releases/download/v${VERSION}/coredns_${VERSION}_linux_${goArch()}.tgz`,
      members: { coredns: "coredns" },
    },
  ],
});
