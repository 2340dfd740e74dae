import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { code, page, table } from "./page.ts";

/** Where an asset is on, and in which scenarios and versions. */
type Found = Map<string, Map<string, Set<string>>>;

/**
 * docs/reference/openshift-assets.md: every path of the trees that `npm run test:assets` keeps, so that the page and the tests cannot differ.
 * @param folder with `<scenario>/<version>/index.txt`
 */
export async function openshiftAssetsPage(folder: string): Promise<string> {
  const scenarios = (await readdir(folder)).toSorted();
  const files: Found = new Map();
  const bootstrap: Found = new Map();
  const units: Found = new Map();
  for (const scenario of scenarios)
    for (const version of (await readdir(join(folder, scenario))).toSorted()) {
      const note = (found: Found, what: string): void => {
        const versions = found.get(what) ?? new Map<string, Set<string>>();
        found.set(what, versions.set(scenario, new Set([...(versions.get(scenario) ?? []), version])));
      };
      for (const line of (await readFile(join(folder, scenario, version, "index.txt"), "utf8")).split("\n")) {
        const inside = /^(bootstrap[^:]*\.ign): (?:unit (\S+)( enabled)?|(\d{4}) (\/\S+))/.exec(line);
        const plain = /^\d{4} (\S+)/.exec(line);
        if (inside?.[2] !== undefined) note(units, `${code(inside[2])} | ${inside[3] === undefined ? "" : "yes"}`);
        else if (inside?.[5] !== undefined && !/^\/opt\/openshift\/(?:manifests|openshift)\//.test(inside[5]))
          note(bootstrap, `${code(inside[5])} | ${inside[4] ?? ""}`);
        else if (plain?.[1] !== undefined) note(files, code(plain[1]));
      }
    }
  const rows = (found: Found): readonly (readonly string[])[] =>
    [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([what, versions]) => [...what.split(" | "), wherever(versions, found)]);
  return page(
    "# Assets of an OpenShift cluster",
    "What `virt-ipi create manifests` and `virt-ipi create ignition-configs` write for `distribution: openshift`, by scenario and version of OpenShift. The names, kinds and modes are those of OpenShift's own installer.",
    `Scenarios: ${scenarios.map(code).join(", ")}, each an install-config in \`test/golden/openshift/inputs\`.`,
    ["## Files", table(["path", "in"], rows(files))].join("\n\n"),
    [
      "## Files of the bootstrap machine",
      "Beside all manifests, which are below `/opt/openshift`.",
      table(["path", "mode", "in"], rows(bootstrap)),
    ].join("\n\n"),
    ["## Units of the bootstrap machine", table(["unit", "enabled", "in"], rows(units))].join("\n\n"),
    DIFFERENCES,
  );
}

/** All scenarios and versions in one word, else each scenario that has it, with its versions where they are not all. */
function wherever(versions: ReadonlyMap<string, ReadonlySet<string>>, found: Found): string {
  const all = new Map<string, Set<string>>();
  for (const each of found.values()) for (const [scenario, some] of each) all.set(scenario, new Set([...(all.get(scenario) ?? []), ...some]));
  const isWhole = (scenario: string): boolean => versions.get(scenario)?.size === all.get(scenario)?.size;
  if ([...all.keys()].every(isWhole)) return "all";
  return [...versions].map(([scenario, some]) => (isWhole(scenario) ? scenario : `${scenario} (${[...some].join(", ")})`)).join(", ");
}

const DIFFERENCES = `## Where the contents differ from those of OpenShift's installer

- \`manifests/cluster-config.yaml\` holds no credentials at all: those in the URLs of the proxy are left out too.
- \`openshift/openshift-install-manifests.yaml\` says the version of the release, not that of a program.
- Certificates begin an hour before they are made: the clock of a machine may be behind.
- A source without mirrors has an empty list of them in \`manifests/image-content-source-policy.yaml\`, not null, which is no list.
- \`cluster-api/\`, and the file \`000_capi-namespace.yaml\`, are not written: with them that installer starts machines, and no cluster gets them.
- \`metadata.json\` says of clusters on vSphere also in which folders their machines are, what they and their sets are called, and which certificates the
  vCenter is trusted by; a vCenter has its port. \`virt-ipi destroy cluster\` needs them.
- The scripts and units of the bootstrap machine are written in other words: they take the same steps, with the same marks and records. What they
  start of konnectivity keeps its files where the bootstrap control plane has its own.`;
