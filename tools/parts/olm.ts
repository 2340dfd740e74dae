import { goPart } from "../../setup/go-build.ts";
import { goArch } from "../../setup/platform.ts";

const VERSION = "v0.40.0";
const REGISTRY_VERSION = "v1.63.0";
const OLM = "github.com/operator-framework/operator-lifecycle-manager";
const REGISTRY = "github.com/operator-framework/operator-registry";
// SQLite and signatures without C: the code of the registry is linked into all three.
const TAGS = ["json1", "containers_image_openpgp"];
const RELEASE = `https://${REGISTRY}/releases/download/${REGISTRY_VERSION}`;

/** The Operator Lifecycle Manager's two operators, named as their deployments are. They are published as images only. */
export const olm = goPart({
  id: "olm",
  version: VERSION,
  folder: "tools/go/olm",
  packages: { "olm-operator": `${OLM}/cmd/olm`, "catalog-operator": `${OLM}/cmd/catalog` },
  tags: TAGS,
  ldflags: [`-X ${OLM}/pkg/version.OLMVersion=${VERSION}`],
  seconds: 60,
  buildsAfter: ["machine-api"],
  programs: ["olm-operator", "catalog-operator"].map((name) => ({ name, versionArgs: ["--version"] })),
});

/** The server of file-based catalogs. */
export const opm = goPart({
  id: "opm",
  version: REGISTRY_VERSION,
  folder: "tools/go/olm",
  packages: { opm: `${REGISTRY}/cmd/opm` },
  tags: TAGS,
  ldflags: [`-X ${REGISTRY}/cmd/opm/version.opmVersion=${REGISTRY_VERSION}`],
  seconds: 25,
  buildsAfter: ["olm"],
  programs: [{ name: "opm", versionArgs: ["version"] }],
  downloads: [{ url: `${RELEASE}/linux-${goArch()}-opm`, sums: `${RELEASE}/checksums.txt`, as: "opm" }],
});
