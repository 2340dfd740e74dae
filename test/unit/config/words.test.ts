import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { machinePart, parseInstallConfig, redactInstallConfig } from "../../../src/config/index.ts";
import { shapeOf, unwrap, walkSchema } from "../../../src/config/fields/walk.ts";
import { shownPath } from "../../../src/config/platforms/registry.ts";
import { nearestKey } from "../../../src/config/fields/nearest-key.ts";
import { installConfigSchema } from "../../../src/config/schema/install-config.ts";
import { z } from "zod";
import {
  baremetal,
  dualStack,
  kvm,
  kvmBridge,
  none,
  type Tree,
  vsphere,
  vsphereFlat,
  vsphereStatic,
  vsphereZones,
  yamlOf,
} from "./verdicts/support.ts";

const BASES = { none, kvm, kvmBridge, vsphere, vsphereZones, vsphereStatic, vsphereFlat, baremetal, dualStack: () => dualStack(vsphere) };

interface Site {
  /** `compute[0].replicas` */
  readonly path: string;
  readonly key: string;
  /** The file with another key there, at the same place in the order. */
  readonly renamed: (key: string) => string;
}

/** Every key of a file, with what the file is when that key is called otherwise. */
function sitesOf(base: () => Tree): Site[] {
  const places: (readonly (string | number)[])[] = [];
  const visit = (node: unknown, path: readonly (string | number)[]): void => {
    // The items of a list have the same keys.
    if (Array.isArray(node)) visit(node[0], [...path, 0]);
    else if (typeof node === "object" && node !== null)
      for (const [key, child] of Object.entries(node)) {
        places.push([...path, key]);
        visit(child, [...path, key]);
      }
  };
  visit(base(), []);
  return places.map((place) => ({
    path: place.reduce<string>((path, part) => (typeof part === "number" ? `${path}[${part}]` : path === "" ? part : `${path}.${part}`), ""),
    key: String(place.at(-1)),
    renamed: (key) => yamlOf(() => rename(base(), place, key) as Tree, {}),
  }));
}

function rename(node: unknown, [first, ...rest]: readonly (string | number)[], to: string): unknown {
  if (Array.isArray(node)) return node.map((item, index) => (index === first ? rename(item, rest, to) : (item as unknown)));
  return Object.fromEntries(
    Object.entries(node as Tree).map(([key, child]) =>
      key !== first ? [key, child] : rest.length === 0 ? [to, child] : [key, rename(child, rest, to)],
    ),
  );
}

const swapped = (word: string): string =>
  Array.from(word)
    .map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))
    .join("");
const stuttering = (word: string): string => word.slice(0, 2) + word.slice(1);

describe.each(Object.entries(BASES))("the keys of the %s base", (_, base) => {
  const right = parseInstallConfig(yamlOf(base, {}));
  const known = new Set(right.warnings.map(({ path, message }) => `${path}: ${message}`));

  it("may have other capitals, with a warning each", () => {
    for (const { path, key, renamed } of sitesOf(base)) {
      const { config, errors, warnings } = parseInstallConfig(renamed(swapped(key)));
      const told = warnings.map(({ path: at, message }) => `${at}: ${message}`).filter((warning) => !known.has(warning));
      const at = shownPath(path.slice(0, -key.length) + swapped(key));
      expect({ path, config, errors, told }).toEqual({ path, config: right.config, errors: [], told: [`${at}: is read as ${key}; write ${key}`] });
      expect(warnings.length).toBe(right.warnings.length + 1);
    }
  });

  it("are the only error where they are misspelt", () => {
    for (const { path, key, renamed } of sitesOf(base)) {
      const { errors } = parseInstallConfig(renamed(stuttering(key)));
      const at = shownPath(path.slice(0, -key.length) + stuttering(key));
      expect(errors.map((error) => `${error.path}: ${error.message}`)).toEqual([`${at}: unknown key; did you mean "${key}"?`]);
    }
  });
});

it("no two keys of a mapping differ in their capitals alone", () => {
  let mappings = 0;
  const check = (schema: z.core.$ZodType): void => {
    const keys = Object.keys(shapeOf(schema) ?? {});
    mappings++;
    expect(new Set(keys.map((key) => key.toLowerCase())).size).toBe(keys.length);
  };
  check(installConfigSchema);
  walkSchema(installConfigSchema, (_, schema) => check(schema));
  expect(mappings).toBeGreaterThan(100);
});

describe("keys of the user's own", () => {
  it("are not ours to name", () => {
    const { config, warnings } = parseInstallConfig(yamlOf(kvm, { "metadata.labels": { Name: "a", name: "b", REPLICAS: "c" } }));
    expect(config?.metadata?.labels).toEqual({ Name: "a", name: "b", REPLICAS: "c" });
    // Of the key that does nothing, not of those in it.
    expect(warnings.map(({ path: at }) => at)).toEqual(["metadata.labels"]);
  });

  it("stay as they are in what is handed on", () => {
    const { config } = parseInstallConfig(yamlOf(baremetal, { "platform.baremetal.hosts": [{ name: "a", networkConfig: { Name: 1, name: 2 } }] }));
    expect(config?.platform?.baremetal?.hosts?.[0]?.networkConfig).toEqual({ Name: 1, name: 2 });
  });
});

describe("the key that is offered for an unknown one", () => {
  const known = [
    "fips",
    "user",
    "name",
    "server",
    "password",
    "computeCluster",
    "failureDomains",
    "apiVIPs",
    "ingressVIPs",
    "proxy",
    "port",
    "publish",
  ];

  it.each([
    ["kind", undefined],
    ["zzz", undefined],
    ["host", undefined],
    ["fip", "fips"],
    ["FISP", "fips"],
    ["usr", "user"],
    ["username", "user"],
    ["nmae", "name"],
    ["zone", undefined],
    ["passwd", "password"],
    ["pass", "password"],
    ["cluster", "computeCluster"],
    ["failureDomain", "failureDomains"],
    ["failure_domains", "failureDomains"],
    ["apiVIP", "apiVIPs"],
    ["sshKey", undefined],
    ["prox", "proxy"],
    ["annotations", undefined],
    ["pullSecret", undefined],
  ])("%s: %s", (key, nearest) => {
    expect(nearestKey(key, known)).toBe(nearest);
  });
});

const ENUMS: { path: string; words: readonly string[] }[] = [];
walkSchema(installConfigSchema, (path, schema) => {
  const inner = unwrap(schema);
  const word = inner instanceof z.ZodArray ? inner.element : inner;
  if (word instanceof z.ZodEnum) ENUMS.push({ path: (word === inner ? path : `${path}[]`).replaceAll("[]", "[0]"), words: word.options.map(String) });
});

describe("a word of a closed list", () => {
  it("is looked for in all lists", () => {
    expect(ENUMS.length).toBeGreaterThan(25);
  });

  it.each(ENUMS)("means the same quoted and plain: $path", ({ path, words }) => {
    const HERE = "WORD-IS-HERE";
    const file = yamlOf(() => ({ apiVersion: "v1" }), { [path]: HERE });
    const capitals = words.filter((word) => word !== "").flatMap((word) => [word, word.toLowerCase(), word.toUpperCase()]);
    for (const word of new Set([...capitals, "On", "on", "Off", "yes", "No", "y", "n", "true", "False", "0777", "1_0", "1e3"])) {
      const [plain, single, double] = [word, `'${word}'`, `"${word}"`].map((form) => {
        const { config, errors, warnings } = parseInstallConfig(file.replace(HERE, form));
        // Some words are warned of only, since OpenShift's installer accepts any.
        return { config, errors: [...errors, ...warnings].map(({ path: at, kind, value, message }) => ({ at, kind, value, message })) };
      });
      expect(plain).toEqual(single);
      expect(plain).toEqual(double);
      const isWrong = plain?.errors.some(({ at, value }) => at === shownPath(path) && value === JSON.stringify(word));
      // A platform's own rules may forbid what its list knows.
      if (!words.includes(word)) expect(isWrong, word).toBe(true);
    }
  });
});

describe("a value is shown as it stands in the file", () => {
  it.each([
    ["metadata: {name: 0777}", "metadata.name", "0777"],
    ["baseDomain: 1e3", "baseDomain", "1e3"],
    ["baseDomain: no", "baseDomain", "no"],
    ["baseDomain: 1_000", "baseDomain", "1_000"],
    ["baseDomain: .inf", "baseDomain", ".inf"],
    ["baseDomain: 0x1F", "baseDomain", "0x1F"],
    ["baseDomain: 12:30:45", "baseDomain", '"12:30:45"'],
    ["baseDomain: 2024-01-01_", "baseDomain", '"2024-01-01_"'],
    ["controlPlane: {replicas: -010}", "controlPlane.replicas", "-010"],
    ["controlPlane: {replicas: 1.50}", "controlPlane.replicas", "1.50"],
    ["controlPlane: {replicas: On}", "controlPlane.replicas", "On"],
    ["fips: 0o1", "fips", '"0o1"'],
    ["fips: +1", "fips", "+1"],
    ["networking: {serviceNetwork: 010}", "networking.serviceNetwork", undefined],
    ["networking: {serviceNetwork: [1.10]}", "networking.serviceNetwork[0]", "1.10"],
    ["networking: {machineCIDR: 10.0}", "networking.machineCIDR", "10.0"],
  ])("%s", (line, path, value) => {
    const { errors, warnings } = parseInstallConfig(`apiVersion: v1\n${line}\n`);
    const found = [...errors, ...warnings].filter((issue) => issue.path === path && issue.kind !== "Forbidden");
    expect([...new Set(found.map((issue) => issue.value))]).toEqual([value]);
  });

  it("also where a key has other capitals, and inside lists", () => {
    const { errors, warnings } = parseInstallConfig("apiVersion: v1\nControlPlane: {Replicas: 0777}\npublish: [0777, no]\n");
    const found = [...warnings, ...errors].map(({ path, value, line }) => ({ path, value, line }));
    expect(found).toContainEqual({ path: "controlPlane.replicas", value: "0777", line: 2 });
    expect(found).toContainEqual({ path: "publish", value: "[0777,no]", line: 3 });
  });
});

describe("a key of other capitals", () => {
  it("is as secret", () => {
    const stored = redactInstallConfig(yamlOf(vsphere, {}).replace("password:", "PassWord:").replace("user:", "USER:"));
    expect(stored).not.toMatch(/s3cret|admin/);
    expect(stored).toContain('password: ""');
  });

  it("belongs to the machines, or does not, as the key itself", () => {
    const plain = yamlOf(kvm, {});
    const later = `${plain}Timeouts: {install: 2h}\nVIRTUALIZATION: {enabled: false}\n`;
    expect(parse(machinePart(later))).toEqual(parse(plain));
    expect(machinePart(plain)).toBe(plain);
  });
});

describe("kind", () => {
  it("may say that the file is an install-config", () => {
    expect(parseInstallConfig(yamlOf(kvm, { kind: "InstallConfig" })).errors).toEqual([]);
  });

  it.each(["Cluster", "AgentConfig", "installconfig"])("must not be %s", (kind) => {
    expect(parseInstallConfig(yamlOf(kvm, { kind })).errors).toMatchObject([
      { path: "kind", value: `"${kind}"`, message: expect.stringContaining('"InstallConfig"') as string },
    ]);
  });
});
