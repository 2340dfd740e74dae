import { readFile } from "node:fs/promises";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { explain, type FieldExplanation, jsonSchema } from "../../../src/config/index.ts";
import { baremetal, external, kvm, kvmBridge, none, vsphere, vsphereFlat, vsphereStatic, vsphereZones, yamlOf } from "./verdicts/support.ts";

function everyField(path = ""): FieldExplanation[] {
  const field = explain(path);
  if (field === undefined) throw new Error(`nothing is known of ${path}`);
  return [field, ...field.children.flatMap(({ key }) => everyField(field.path === "" ? key : `${field.path}.${key}`))];
}

describe("explain", () => {
  it("tells type, default, rules and keys below", () => {
    expect(explain("platform.kvm")).toMatchObject({ path: "platform.kvm", type: "object", secret: false });
    expect(explain("platform.kvm.uri")).toMatchObject({ type: "string", default: '"qemu:///system"', children: [] });
    expect(explain("networking.clusterNetwork.hostPrefix")).toMatchObject({
      path: "networking.clusterNetwork[].hostPrefix",
      type: "integer",
      default: "23; 64 for IPv6; none for distributions openshift and okd",
    });
    expect(explain("publish")).toMatchObject({ type: "External | Internal | Mixed", default: '"External"' });
    expect(explain("pullSecret")).toMatchObject({ secret: true });
    expect(explain("networking.machineCIDR")).toMatchObject({ deprecated: "machineNetwork" });
    expect(explain("")?.children.find(({ key }) => key === "compute")).toMatchObject({ type: "list of object" });
  });

  it("takes a path with and without indices for the same", () => {
    expect(explain("compute[0].platform.kvm.cpus")).toEqual(explain("compute.platform.kvm.cpus"));
    expect(explain("compute[].name")).toEqual(explain("compute[3].name"));
  });

  it.each(["nope", "platform.kwm", "compute.constructor", "__proto__", "baseDomain.x"])("knows nothing of %s", (path) => {
    expect(explain(path)).toBeUndefined();
  });

  it("has a description of every key", () => {
    const fields = everyField();
    expect(fields.length).toBeGreaterThan(200);
    expect(fields.filter(({ description }) => !/^[A-Z"].*\.$/s.test(description) && !/^(libvirt|master|vSphere)/.test(description))).toEqual([]);
  });

  it("tells of vSphere's keys what they must fulfil", () => {
    const fields = everyField("platform.vsphere").filter(({ deprecated, children }) => deprecated === undefined && children.length === 0);
    expect(fields.length).toBeGreaterThan(40);
    expect(fields.filter(({ required, default: fallback, rules }) => !required && fallback === undefined && rules === undefined)).toEqual([]);
    expect(explain("platform.vsphere.vcenters.password")).toMatchObject({
      required: true,
      secret: true,
      rules: expect.stringContaining("env:NAME") as string,
    });
  });

  it("knows every password as a secret", () => {
    const named = everyField().filter(({ path }) => /password|pullSecret/i.test(path));
    expect(named.length).toBeGreaterThanOrEqual(5);
    expect(named.filter(({ secret }) => !secret)).toEqual([]);
  });
});

describe("the JSON Schema", () => {
  const validate = new Ajv2020({ strict: false }).compile(jsonSchema());

  it("is the one in docs/reference", async () => {
    const stored: unknown = JSON.parse(await readFile("docs/reference/install-config.schema.json", "utf8"));
    expect(stored, "run `npm run generate`").toEqual(JSON.parse(JSON.stringify(jsonSchema())));
  });

  it.each(Object.entries({ none, external, vsphere, vsphereZones, vsphereStatic, baremetal, kvm, kvmBridge }))("accepts the %s base", (_, base) => {
    expect(validate(parse(yamlOf(base, {}))), JSON.stringify(validate.errors)).toBe(true);
  });

  it("marks the flat keys of vSphere as deprecated", () => {
    // What takes their place is required, and an editor should say so.
    expect(validate(parse(yamlOf(vsphereFlat, {})))).toBe(false);
    expect(validate.errors?.map(({ params }) => (params as { missingProperty?: string }).missingProperty)).toContain("vcenters");
  });

  it.each([
    ["a key that is missing", { metadata: undefined }],
    ["an unknown key", { metdata: {} }],
    ["a wrong type", { "controlPlane.replicas": "3" }],
    ["a fraction", { "controlPlane.replicas": 1.5 }],
    ["an unknown word", { publish: "Public" }],
    ["an unknown key deep down", { "platform.kvm.hosts": [{ rôle: "x" }] }],
  ])("refuses %s", (_, change) => {
    expect(validate(parse(yamlOf(kvm, change)))).toBe(false);
  });

  it("marks secrets and deprecated keys for editors", () => {
    expect(jsonSchema()).toMatchObject({
      properties: { pullSecret: { writeOnly: true }, imageContentSources: { deprecated: true }, fips: { default: false } },
    });
  });
});
