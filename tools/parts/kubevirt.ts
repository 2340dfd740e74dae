import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { goModuleFolder, goPart } from "../../setup/go-build.ts";
import type { FilePart, PartContext } from "../../setup/part.ts";

const MODULE = "kubevirt.io/kubevirt";
const NAMESPACE = "kubevirt";
/** What runs on the control plane. */
export const OPERATORS: readonly string[] = ["virt-operator", "virt-api", "virt-controller"];
const GENERATORS = ["csv-generator", "resource-generator"];
/** What a release's own file is made of, in the module. */
const TEMPLATE = "manifests/release/kubevirt-operator.yaml.in";

interface Release {
  readonly id: string;
  readonly version: string;
  readonly commit: string;
  /** Of the go.mod that pins it. */
  readonly folder: string;
  readonly seconds: number;
  readonly buildsAfter: readonly string[];
}

const V1_7 = { version: "v1.7.0", commit: "50b9b4d0cf1caaf56147411a1e6765134e0e82b9" };

export const kubevirt = release({
  ...V1_7,
  id: "kubevirt",
  folder: "tools/go/kubevirt",
  seconds: 100,
  buildsAfter: ["kubernetes-plugin"],
});

/** What is upgraded from. It shares nearly nothing with the other: its Kubernetes is older. */
export const kubevirtBefore = release({
  id: "kubevirt-1.6",
  version: "v1.6.0",
  commit: "d53baa7f84687d156bd8a3a80d7ea2fbd8e0a993",
  folder: "tools/go/kubevirt-1.6",
  seconds: 170,
  buildsAfter: [],
});

/** What a build puts into programs of this version, so that they know it. */
function versionFlags({ version, commit }: Pick<Release, "version" | "commit">): readonly string[] {
  const variables = { gitVersion: version, gitCommit: commit, gitTreeState: "clean" };
  return Object.entries(variables).map(([name, value]) => `-X kubevirt.io/client-go/version.${name}=${value}`);
}

/** The flags of the newest version. */
export const KUBEVIRT_FLAGS = versionFlags(V1_7);

/**
 * KubeVirt's own operator, API server and controller, which are published as images only, its ClusterServiceVersion, and the manifest with which
 * the release is installed: all in a folder `kubevirt-VERSION`.
 */
function release({ id, version, commit, folder, seconds, buildsAfter }: Release): FilePart {
  const program = goPart({
    id,
    version,
    folder,
    packages: {
      ...Object.fromEntries(OPERATORS.map((name) => [name, `${MODULE}/cmd/${name}`])),
      ...Object.fromEntries(GENERATORS.map((name) => [name, `${MODULE}/tools/${name}`])),
    },
    ldflags: versionFlags({ version, commit }),
    seconds,
    buildsAfter,
    // One that somebody else installed would come without the manifest.
    programs: [],
  });
  return {
    ...program,
    recipe: { program: program.recipe, template: TEMPLATE },
    build: async (context, into) => {
      const to = join(into, `kubevirt-${version}`);
      await mkdir(to);
      await program.build(context, to);
      const csv = await clusterServiceVersion(context, to, version);
      await writeFile(join(to, "clusterserviceversion.yaml"), csv);
      const template = await readFile(join(await goModuleFolder(context, folder, MODULE), TEMPLATE), "utf8");
      await writeFile(join(to, "kubevirt-operator.yaml"), await operatorManifest(context, to, template, parse(csv) as ClusterServiceVersion));
    },
  };
}

const clusterServiceVersion = (context: PartContext, folder: string, version: string): Promise<string> =>
  generate(context, folder, "csv-generator", [
    ...["--namespace", NAMESPACE, "--dockerPrefix", "quay.io/kubevirt", "--operatorImageVersion", version],
    ...["--kubeVirtVersion", version, "--csvVersion", version.slice(1)],
  ]);

/** `kubevirt-operator.yaml` of a release: KubeVirt's template, filled by its own generators. */
async function operatorManifest(context: PartContext, folder: string, template: string, csv: ClusterServiceVersion): Promise<string> {
  const resource = (type: string): Promise<string> => generate(context, folder, "resource-generator", ["--type", type, "--namespace", NAMESPACE]);
  const [deployment] = csv.spec.install.spec.deployments;
  const values: Readonly<Record<string, string>> = {
    ".Namespace": NAMESPACE,
    'index .GeneratedManifests "kv-resource.yaml"': await resource("kv"),
    'index .GeneratedManifests "rbac-operator.authorization.k8s.yaml.in"': await resource("operator-rbac"),
    ".OperatorDeploymentSpec": stringify(deployment?.spec).replaceAll(/^(?=.)/gm, "  "),
  };
  return template.replaceAll(/\{\{(.+?)\}\}/g, (whole, name: string) => values[name] ?? whole);
}

const generate = async (context: PartContext, folder: string, name: string, args: readonly string[]): Promise<string> =>
  (await context.run(join(folder, name), args, { signal: context.signal })).stdout;

interface ClusterServiceVersion {
  readonly spec: { readonly install: { readonly spec: { readonly deployments: readonly { readonly spec: object }[] } } };
}
