import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { VirtualizationSpec } from "../../../src/config/index.ts";
import type { Manifest } from "../../../src/pulumi/kubernetes/index.ts";
import { PLUGIN_FOLDER } from "../../../src/stack/project-settings.ts";
import { day2Of } from "../../../src/virtualization/program/context.ts";
import { operand } from "../../../src/virtualization/program/operand.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { widgetDefinition } from "../../helpers/kubernetes-plugin.ts";
import { stackBench, type StackBench } from "../../helpers/stack-bench.ts";

/** A resource that we apply and its operator writes too, from which keys go. */

/** An object with keys of its own, but for those that are objects too. */
const map = (properties: object = {}): object => ({ type: "object", properties });
const open = { type: "object", additionalProperties: { type: "string" } };
const SCHEMA = map({ a: open, b: map({ c: open, d: { type: "string" } }), e: { type: "string" } });

function definition(): Manifest {
  const made = widgetDefinition("KubeVirt", "kubevirt.io");
  const [version] = (made["spec"] as { versions: { schema: object }[] }).versions;
  if (version !== undefined) version.schema = { openAPIV3Schema: { type: "object", properties: { spec: SCHEMA } } };
  return made as unknown as Manifest;
}

const OPTIONS = { emulation: "Auto", uninstallStrategy: "RemoveWorkloads", storage: { pools: [], profiles: [] }, liveMigration: {} } as const;
const spec: VirtualizationSpec = { ...OPTIONS, operators: { source: "Manifests", kubevirt: { version: "1", files: [], spec: {} } } };

interface Case {
  /** What its operator or a person writes, what we apply then, and what we apply last. */
  readonly theirs?: object;
  readonly first: object;
  readonly last: object;
  readonly left: object;
}

const CASES: Readonly<Record<string, Case>> = {
  "stays as the empty object that another has written": { first: { a: { x: "1" } }, theirs: { a: {} }, last: {}, left: { a: {} } },
  "stays as the empty object that is wanted": { first: { a: { x: "1" } }, last: { a: {} }, left: { a: {} } },
  "stays with the keys of another": { first: { a: { x: "1" } }, theirs: { a: { y: "2" } }, last: {}, left: { a: { y: "2" } } },
  "stays where another has set the same": { first: { a: { x: "1" } }, theirs: { a: { x: "1" } }, last: {}, left: { a: { x: "1" } } },
  "goes where nobody else has it": { first: { a: { x: "1" }, e: "1" }, last: { e: "1" }, left: { e: "1" } },
  "stays with what is in another's object inside it": {
    first: { b: { c: { x: "1", z: "1" }, d: "1" } },
    theirs: { b: { c: {} } },
    last: { b: { d: "2" } },
    left: { b: { c: {}, d: "2" } },
  },
  "has other keys instead": { first: { a: { x: "1" } }, theirs: { a: {} }, last: { a: { y: "1" } }, left: { a: { y: "1" } } },
};

let cluster: KubeControlPlane;
let bench: StackBench;
let previewed: object;
let changed: object;
let again: object;

const nameOf = (title: string): string => title.replaceAll(/[^a-z]+/g, "-");
const pathOf = (title: string): string => `/apis/kubevirt.io/v1/namespaces/default/kubevirts/${nameOf(title)}`;

/** The kind, and a resource for each case. */
const program = (specOf: (each: Case) => object) => () => {
  const parent = new pulumi.ComponentResource("virt-ipi:test:Group", "group");
  const { kubeconfig } = cluster;
  const day2 = day2Of(
    { spec, distribution: "kubernetes", infraID: "test", kubeconfig, timeoutMs: 60_000, manifests: new Map(), dependsOn: [] },
    parent,
    () => expect.unreachable("nothing is patched"),
  );
  const made = day2.apply("definition", definition());
  for (const [title, each] of Object.entries(CASES)) {
    const metadata = { name: nameOf(title), namespace: "default" };
    operand(day2, nameOf(title), "kubeVirts", { apiVersion: "kubevirt.io/v1", kind: "KubeVirt", metadata, spec: specOf(each) }, made);
  }
  return Promise.resolve({});
};

beforeAll(async () => {
  cluster = await startKubeControlPlane({ controllers: [] });
  bench = await stackBench();
  const driver = await bench.open({ pluginFolder: PLUGIN_FOLDER });
  await driver.up(program(() => ({})));
  for (const [title, { theirs }] of Object.entries(CASES))
    if (theirs !== undefined)
      expect(await cluster.request("PATCH", `${pathOf(title)}?fieldManager=operator`, { spec: theirs })).toMatchObject({ status: 200 });
  await driver.up(program(({ first }) => first));
  previewed = await driver.preview(program(({ last }) => last));
  changed = (await driver.up(program(({ last }) => last))).changes;
  again = (await driver.up(program(({ last }) => last))).changes;
});
afterAll(async () => {
  await bench?.remove();
  await cluster?.dispose();
});

describe("an object in a resource whose last key is not wanted any more", () => {
  it.each(Object.entries(CASES))("%s", async (title, { left }) => {
    expect((JSON.parse((await cluster.request("GET", pathOf(title))).body) as { spec: object }).spec).toEqual(left);
  });

  it("is previewed as it is changed", () => {
    expect(previewed).toEqual(changed);
    expect(previewed).toMatchObject({ update: expect.any(Number) as number });
  });

  it("is as it is wanted from then on", () => {
    expect(again).toEqual({ same: expect.any(Number) as number });
  });
});
