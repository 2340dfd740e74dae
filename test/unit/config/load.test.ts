import { describe, expect, it } from "vitest";
import { LARGEST_INSTALL_CONFIG, parseInstallConfig } from "../../../src/config/index.ts";
import { cpuTime } from "../../helpers/cpu-time.ts";
import { kvm, none, vsphere, yamlOf } from "./verdicts/support.ts";

const VALID = yamlOf(kvm, {});
const bytes = (...parts: (string | number[])[]): Uint8Array => Buffer.concat(parts.map((part) => Buffer.from(part as string)));
const utf16 = (text: string): Uint8Array => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);

/** Every one must be refused with a message that names the cause and, where the cause has a place, that place. */
const REFUSED: readonly (readonly [title: string, source: string | Uint8Array, fragment: string, line: number, column: number])[] = [
  ["an empty file", "", "empty", 1, 1],
  ["only a comment", "# nothing\n", "empty", 1, 1],
  ["a list", "- a\n- b\n", "must be a mapping", 1, 1],
  ["a text", "hello", "must be a mapping", 1, 1],
  ["a tab as indentation", "apiVersion: v1\nmetadata:\n\tname: a\n", "tab", 3, 1],
  ["UTF-16", utf16(VALID), "UTF-16", 1, 1],
  ["Latin-1", bytes("apiVersion: v1\nbaseDomain: ex", [0xe4], "mple.com\n"), "not UTF-8", 2, 15],
  ["binary", Uint8Array.from({ length: 4096 }, (_, index) => (index * 37 + 200) & 255), "not UTF-8", 1, 1],
  ["two documents", `${VALID}---\n${VALID}`, "more than one YAML document", VALID.split("\n").length, 1],
  ["a duplicate key", "apiVersion: v1\nbaseDomain: a.com\nbaseDomain: b.com\n", "already given in line 2", 3, 1],
  ["a duplicate key deep down", "apiVersion: v1\nmetadata:\n  name: a\n  name: b\n", "already given in line 3", 4, 3],
  ["two documents, the first of them empty", `---\n---\n${VALID}`, "more than one YAML document", 2, 1],
  ["an alias without anchor", "apiVersion: v1\nbaseDomain: *m\n", "no anchor before it", 2, 1],
  ["an alias before its anchor", "apiVersion: v1\nbaseDomain: *m\nmetadata: {name: &m a}\n", "no anchor before it", 2, 1],
  ["an alias that repeats itself", "apiVersion: v1\nplatform: &p {none: *p}\n", "levels deep", 2, 14],
  ["a merge of a text", "apiVersion: v1\nmetadata:\n  <<: a\n", "must be a mapping", 3, 7],
  ["a merge of itself", "apiVersion: v1\nmetadata: &m\n  <<: *m\n", "must be a mapping", 3, 7],
  ["a merge of a key that is given", "apiVersion: v1\nmetadata:\n  name: b\n  <<: {name: a}\n", "already given in line 3", 4, 8],
  ["a broken flow", "apiVersion: [v1\n", "YAML", 2, 1],
  ["a missing quote", 'apiVersion: "v1\n', "YAML", 2, 1],
  ["wrong indentation", "apiVersion: v1\n  baseDomain: a\n", "YAML", 1, 13],
  ["a mapping as key", "apiVersion: v1\n? {a: b}\n: c\n", "a key must be plain text", 2, 3],
  ["deep nesting in blocks", Array.from({ length: 60 }, (_, index) => `${" ".repeat(index)}a:`).join("\n"), "levels deep", 52, 52],
];

describe("a file that cannot be read as an install-config", () => {
  it.each(REFUSED)("%s", (_title, source, fragment, line, column) => {
    const { errors, spec } = parseInstallConfig(source);
    expect(spec).toBeUndefined();
    const found = errors.find(({ message }) => message.includes(fragment));
    expect(found).toMatchObject({ line, column });
  });
});

const laughs = Array.from(
  { length: 12 },
  (_, index) => `a${index + 1}: &a${index + 1} [${Array.from({ length: 9 }, () => `*a${index}`).join(",")}]`,
).join("\n");
const full = (unit: string): string => unit.repeat(Math.floor((LARGEST_INSTALL_CONFIG - 1) / unit.length));

const EXPENSIVE: Readonly<Record<string, () => string | Uint8Array>> = {
  "50 MB of bytes": () => new Uint8Array(50_000_000).fill(97),
  "50 MB of text": () => "a: b\n".repeat(10_000_000),
  "a billion laughs": () => `a0: &a0 [lol]\n${laughs}`,
  "a megabyte of brackets": () => full("["),
  "a megabyte of braces": () => full("{a: "),
  "a megabyte of dashes": () => full("- "),
  "a megabyte of question marks": () => full("? "),
  "a megabyte of commas": () => `a: [${full(",").slice(10)}`,
  "a megabyte of anchors": () => full("&a "),
  "a megabyte of blanks": () => full(" "),
  "a megabyte of empty lines": () => full("\n"),
  "a megabyte of documents": () => full("---\n"),
  "a megabyte of comments": () => full("# x\n"),
  "a megabyte in one quoted text": () => `apiVersion: "${full("x").slice(20)}"`,
  "a megabyte of tags": () => full("!a "),
  "a megabyte of keys": () => Array.from({ length: 90_000 }, (_, index) => `k${index}: 1`).join("\n"),
};

/** Few enough tokens to be parsed: here it is the rules that must not take long. */
const EXPENSIVE_RULES: Readonly<Record<string, () => string>> = {
  "8,000 unknown keys": () => `apiVersion: v1\n${Array.from({ length: 8000 }, (_, index) => `k${index}: 1`).join("\n")}`,
  "8,000 times the same key": () => `apiVersion: v1\n${"baseDomain: a\n".repeat(8000)}`,
  "4,000 machine networks": () => `${VALID}networking: {machineNetwork: [${"{cidr: 10.0.0.0/8}, ".repeat(4000)}]}`,
  "12,000 service networks": () => `${VALID}networking: {serviceNetwork: [${"10.0.0.0/8, ".repeat(12_000)}]}`,
  "12,000 VIPs": () => VALID.replace("kvm: {}", `kvm: {apiVIPs: [${"10.0.0.1, ".repeat(12_000)}], ingressVIPs: [10.0.0.1]}`),
  "1,500 hosts": () => VALID.replace("kvm: {}", `kvm: {hosts: [${"{role: compute, networkDevice: {ipAddrs: [10.0.0.1/8]}}, ".repeat(1500)}]}`),
  "5,000 compute pools": () => VALID.replace(/compute:\n.*\n.*\n/, `compute: [${"{name: worker}, ".repeat(5000)}]\n`),
  "12,000 wrong words": () => `${VALID}capabilities: {baselineCapabilitySet: None, additionalEnabledCapabilities: [${"x, ".repeat(12_000)}]}`,
  "a proxy of a megabyte of colons": () => `${VALID}proxy: {httpProxy: "${full("a://:").slice(1000)}"}`,
  "a noProxy of 200,000 wrong elements": () => `${VALID}proxy: {httpProxy: "http://p", noProxy: "${"a_,".repeat(200_000)}"}`,
  "a trust bundle of a megabyte of beginnings": () => `${VALID}additionalTrustBundle: "${full("-----BEGIN A-----\\n").slice(2000)}"`,
  "a name of a megabyte": () => yamlOf(kvm, { "metadata.name": "a-".repeat(400_000) }),
  "an ssh key of a megabyte of spaces": () => yamlOf(kvm, { sshKey: `ssh-rsa${" ".repeat(900_000)}x` }),
  "a mirror of a megabyte": () => yamlOf(kvm, { imageDigestSources: [{ source: "a-".repeat(400_000) }] }),
  "a URL of a megabyte": () => yamlOf(kvm, { "platform.kvm.clusterOSImage": `http://${"a@".repeat(400_000)}` }),
  "thousands of failure domains": () =>
    yamlOf(vsphere, {
      "platform.vsphere.failureDomains": Array.from({ length: 1500 }, () => ({ name: "a", region: "r", zone: "z", server: "vc.example.com" })),
    }),
  "thousands of vcenters": () => yamlOf(vsphere, { "platform.vsphere.vcenters": Array.from({ length: 5000 }, () => ({ server: "vc" })) }),
  "thousands of zones": () => yamlOf(vsphere, { "compute[0].platform.vsphere.zones": Array.from({ length: 8000 }, (_, index) => `z${index}`) }),
  "thousands of static hosts": () =>
    yamlOf(vsphere, { "platform.vsphere.hosts": Array.from({ length: 2500 }, () => ({ role: "compute", failureDomain: "x" })) }),
  "a datastore of a megabyte": () => yamlOf(vsphere, { "platform.vsphere.failureDomains[0].topology.datastore": "/datastore".repeat(80_000) }),
  "a duration of a megabyte": () => yamlOf(kvm, { "timeouts.install": "1m".repeat(400_000) }),
};

describe("a file made to be expensive is refused in under 2 s", () => {
  it.each(Object.entries(EXPENSIVE))("%s", (_title, make) => {
    const source = make();
    const { result, milliseconds } = cpuTime(() => parseInstallConfig(source));
    const { errors, spec } = result;
    expect(spec).toBeUndefined();
    expect(errors.length).toBeGreaterThan(0);
    expect(milliseconds).toBeLessThan(2000);
  });
});

describe("rules on a file made to be expensive take under 2 s", () => {
  it.each(Object.entries(EXPENSIVE_RULES))("%s", (_title, make) => {
    const source = make();
    const { result, milliseconds } = cpuTime(() => parseInstallConfig(source));
    const { errors, spec } = result;
    expect(milliseconds).toBeLessThan(2000);
    expect(spec).toBeUndefined();
    expect(errors.filter(({ path }) => path === "")).toEqual([]);
  });
});

describe("YAML as OpenShift reads it", () => {
  it.each(["yes", "on", "true", "True"])("takes %s for true", (word) => {
    expect(parseInstallConfig(`apiVersion: v1\nfips: ${word}\n`).config?.fips).toBe(true);
  });

  it("does not take a MAC address for a number in base 60", () => {
    const { config } = parseInstallConfig(VALID.replace("kvm: {}", "kvm: {hosts: [{role: compute, macAddress: 52:54:00:12:34:56}]}"));
    expect(config?.platform?.kvm?.hosts?.[0]?.macAddress).toBe("52:54:00:12:34:56");
  });

  it("reads a file of an editor that writes a byte order mark", () => {
    expect(parseInstallConfig(bytes([0xef, 0xbb, 0xbf], VALID)).errors).toEqual([]);
  });

  it("reads what anchors name, again where an alias repeats it, and what is merged", () => {
    const repeated = VALID.replace("name: test", "name: &n test")
      .replace(/controlPlane:\n {2}name: master\n/, "controlPlane:\n  <<: [&size {hyperthreading: Enabled}, {architecture: amd64}]\n  name: master\n")
      .replace(/ {2}- name: worker\n/, "  - <<: *size\n    name: worker\n")
      .replace(/baseDomain: .*/, "baseDomain: *n");
    const { errors, config } = parseInstallConfig(
      repeated.replace(/metadata:\n.*\n/, "").replace("baseDomain", "metadata: {name: &n test}\nbaseDomain"),
    );
    expect(errors).toEqual([]);
    expect(config?.baseDomain).toBe("test");
    expect(config?.controlPlane).toMatchObject({ name: "master", hyperthreading: "Enabled", architecture: "amd64" });
    expect(config?.compute[0]).toMatchObject({ name: "worker", hyperthreading: "Enabled" });
  });

  it.each(["---\na: [b\n", "---\nkind: AgentConfig\n"])("reads the first document alone for OpenShift: %j", (rest) => {
    const { errors, warnings, spec } = parseInstallConfig(`${yamlOf(none, {})}${rest}`);
    expect(errors).toEqual([]);
    expect(spec).toBeDefined();
    expect(warnings.map(({ message }) => message)).toContainEqual(expect.stringContaining("nothing is read of the others"));
  });

  it("takes the end of a document for no document", () => {
    expect(parseInstallConfig(`---\n${VALID}...\n---\n`).errors).toEqual([]);
  });

  it.each([
    ["yes", "true"],
    ["0777", "511"],
    ["1.0", "1"],
    ["0x1F", "31"],
    ["1e3", "1000"],
    ["12", "12"],
  ])("takes the name %s for the text %s where OpenShift does", (source, name) => {
    const text = (base: typeof none): string => yamlOf(base, {}).replace("name: test", `name: ${source}`);
    const { errors, warnings, config } = parseInstallConfig(text(none));
    expect(errors).toEqual([]);
    expect(config?.metadata?.name).toBe(name);
    expect(warnings).toContainEqual(
      expect.objectContaining({ path: "metadata.name", message: expect.stringContaining("put it in quotes") as string }),
    );
    expect(parseInstallConfig(text(kvm)).errors).toMatchObject([{ path: "metadata.name" }]);
  });

  it("reads Windows line ends", () => {
    expect(parseInstallConfig(VALID.replaceAll("\n", "\r\n")).errors).toEqual([]);
  });

  it("is not led astray by keys that JavaScript knows", () => {
    const { errors } = parseInstallConfig(`${VALID}__proto__: {polluted: 1}\nconstructor: 1\nmetadata2: {toString: 1}\n`);
    expect(errors.map(({ path }) => path)).toEqual(["__proto__", "constructor", "metadata2"]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe("a key that is given twice in other capitals", () => {
  // As OpenShift's installer does: it sorts the keys, and what has no value changes nothing.
  const PAIRS = [
    ["baseDomain: a.com\nbasedomain: b.com\n", "b.com"],
    ["basedomain: b.com\nbaseDomain: a.com\n", "b.com"],
    ["BaseDomain: a.com\nbaseDomain: b.com\n", "b.com"],
    ["baseDomain: b.com\nBASEDOMAIN: a.com\n", "b.com"],
    ["baseDomain: b.com\nbasedomain:\n", "b.com"],
    ["basedomain: ~\nBaseDomain: b.com\n", "b.com"],
  ] as const;

  it.each(PAIRS)("%j", (text, read) => {
    const { spec, errors, warnings } = parseInstallConfig(`${yamlOf(none, { baseDomain: undefined })}${text}`);
    expect(errors).toEqual([]);
    expect(spec?.baseDomain).toBe(read);
    expect(warnings.map(({ kind, message }) => `${kind}: ${message}`)).toContainEqual(
      expect.stringMatching(/^Duplicate value: the key is already given in line/),
    );
  });

  it("is an error where both hold more than one value", () => {
    const { errors } = parseInstallConfig(`${VALID}Metadata: {name: b}\n`);
    expect(errors).toMatchObject([{ kind: "Duplicate value", path: "Metadata" }]);
  });
});
