import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { goModuleFolder, goPart } from "../../setup/go-build.ts";
import type { FilePart, PartContext } from "../../setup/part.ts";

const VERSION = "v1.7.0";
const COMMIT = "50b9b4d0cf1caaf56147411a1e6765134e0e82b9";
const FOLDER = "tools/go/kubevirt";
const MODULE = "kubevirt.io/kubevirt";
const NAMESPACE = "kubevirt";
const PROGRAMS = ["virt-operator", "virt-api", "virt-controller"];
const GENERATORS = ["csv-generator", "resource-generator"];
/** What a release's own file is made of, in the module. */
const TEMPLATE = "manifests/release/kubevirt-operator.yaml.in";

const variables = { gitVersion: VERSION, gitCommit: COMMIT, gitTreeState: "clean" };
const program = goPart({
  id: "kubevirt",
  version: VERSION,
  folder: FOLDER,
  packages: {
    ...Object.fromEntries(PROGRAMS.map((name) => [name, `${MODULE}/cmd/${name}`])),
    ...Object.fromEntries(GENERATORS.map((name) => [name, `${MODULE}/tools/${name}`])),
  },
  ldflags: Object.entries(variables).map(([name, value]) => `-X kubevirt.io/client-go/version.${name}=${value}`),
  seconds: 100,
  buildsAfter: ["kubernetes-plugin"],
  // One that somebody else installed would come without the manifest.
  programs: [],
});

/** KubeVirt's own operator, API server and controller, and the manifest with which a release is installed. They are published as images only. */
export const kubevirt: FilePart = {
  ...program,
  recipe: { program: program.recipe, template: TEMPLATE },
  build: async (context, into) => {
    await program.build(context, into);
    await mkdir(join(into, "kubevirt-manifests"));
    await writeFile(join(into, "kubevirt-manifests", `kubevirt-operator-${VERSION}.yaml`), await operatorManifest(context, into));
  },
};

/** `kubevirt-operator.yaml` of a release: KubeVirt's template, filled by its own generators. */
async function operatorManifest(context: PartContext, folder: string): Promise<string> {
  const template = await readFile(join(await goModuleFolder(context, FOLDER, MODULE), TEMPLATE), "utf8");
  const generate = async (name: string, args: readonly string[]): Promise<string> =>
    (await context.run(join(folder, name), args, { signal: context.signal })).stdout;
  const resource = (type: string): Promise<string> => generate("resource-generator", ["--type", type, "--namespace", NAMESPACE]);
  const csv = parse(
    await generate("csv-generator", [
      ...["--namespace", NAMESPACE, "--dockerPrefix", "quay.io/kubevirt", "--operatorImageVersion", VERSION],
      ...["--kubeVirtVersion", VERSION, "--csvVersion", VERSION.slice(1)],
    ]),
  ) as ClusterServiceVersion;
  const [deployment] = csv.spec.install.spec.deployments;
  const values: Readonly<Record<string, string>> = {
    ".Namespace": NAMESPACE,
    'index .GeneratedManifests "kv-resource.yaml"': await resource("kv"),
    'index .GeneratedManifests "rbac-operator.authorization.k8s.yaml.in"': await resource("operator-rbac"),
    ".OperatorDeploymentSpec": stringify(deployment?.spec).replaceAll(/^(?=.)/gm, "  "),
  };
  return template.replaceAll(/\{\{(.+?)\}\}/g, (whole, name: string) => values[name] ?? whole);
}

interface ClusterServiceVersion {
  readonly spec: { readonly install: { readonly spec: { readonly deployments: readonly { readonly spec: object }[] } } };
}
