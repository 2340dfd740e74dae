import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { bootstrapOverrides, isOfMachines } from "../../../../src/assets/openshift/cluster-version.ts";

const VERSION = "manifests/cvo-overrides.yaml";
const version = (spec: string): string => `apiVersion: config.openshift.io/v1\nkind: ClusterVersion\nmetadata: {name: version}\nspec: ${spec}\n`;
const ROLE = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: own, namespace: demo}\n";
const MACHINE_CONFIG = "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\nmetadata: {name: own}\n";

const overridesOf = (spec: string) => {
  const found = bootstrapOverrides(
    new Map([
      [VERSION, version(spec)],
      ["manifests/own.yaml", `${ROLE}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: demo}\n`],
      ["openshift/99_openshift-machineconfig_99-own.yaml", MACHINE_CONFIG],
      ["openshift/own-config.yaml", MACHINE_CONFIG],
    ]),
  );
  return { ...found, spec: (parse(found.text) as { spec: object }).spec };
};

const OURS = [
  { group: "rbac.authorization.k8s.io", kind: "Role", name: "own", namespace: "demo", unmanaged: true },
  { group: "", kind: "Namespace", name: "demo", namespace: "", unmanaged: true },
  { group: "machineconfiguration.openshift.io", kind: "MachineConfig", name: "own", namespace: "", unmanaged: true },
];

describe("the overrides of the bootstrap", () => {
  it("keep the operator from every manifest but those of machines", () => {
    const { path, spec, patch } = overridesOf("{channel: stable}");
    expect([path, spec, patch]).toEqual([VERSION, { channel: "stable", overrides: OURS }, '{"spec":{"overrides":null}}']);
  });

  it("stand in front of the user's own, which the patch puts back", () => {
    const own = { group: "apps", kind: "Deployment", name: "mine", namespace: "demo", unmanaged: true };
    const { spec, patch } = overridesOf(`{overrides: [${JSON.stringify(own)}]}`);
    expect(spec).toEqual({ overrides: [...OURS, own] });
    expect(JSON.parse(patch)).toEqual({ spec: { overrides: [own] } });
  });

  it.each([
    ["a list of its own", "{overrides: all}", "is not a list"],
    ["a spec that is text", "stable", "spec is not an object"],
    ["another kind", "{}", "has no ClusterVersion"],
  ])("refuse %s", (what, spec, message) => {
    const text = what === "another kind" ? version(spec).replace("ClusterVersion", "Other") : version(spec);
    expect(() => bootstrapOverrides(new Map([[VERSION, text]]))).toThrow(
      expect.objectContaining({ id: "MANIFEST_INVALID", message: expect.stringContaining(message) as string }),
    );
  });

  it("cannot be made once the manifest is removed", () => {
    expect(() => bootstrapOverrides(new Map())).toThrow(
      expect.objectContaining({ id: "MANIFEST_INVALID", value: VERSION, advice: expect.stringContaining("remove the whole folder") as string }),
    );
  });

  it("are not made of two files of one name, of which the bootstrap would lose one", () => {
    const manifests = new Map([
      [VERSION, version("{}")],
      ["manifests/own.yaml", ROLE],
      ["openshift/own.yaml", MACHINE_CONFIG],
    ]);
    expect(() => bootstrapOverrides(manifests)).toThrow(
      expect.objectContaining({ id: "MANIFEST_DUPLICATE", message: "there is both manifests/own.yaml and openshift/own.yaml" }),
    );
  });
});

it.each([
  ["openshift/99_openshift-cluster-api_worker-machineset-0.yaml", true],
  ["openshift/99_openshift-cluster-api_arbiter_hosts-0.yaml", true],
  ["openshift/99_openshift-machine-api_claim-demo-master-0.yaml", true],
  ["openshift/99_kubeadmin-password-secret.yaml", false],
  ["openshift/99_feature-gate.yaml", false],
  ["manifests/99_openshift-machineconfig_99-own.yaml", false],
])("%s is of machines: %s", (path, expected) => {
  expect(isOfMachines(path)).toBe(expected);
});
