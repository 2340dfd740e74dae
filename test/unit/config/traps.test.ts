import { describe, expect, it } from "vitest";
import { formatIssue, parseInstallConfig } from "../../../src/config/index.ts";
import { docOf } from "../../../src/config/fields/field.ts";
import { walkSchema } from "../../../src/config/fields/walk.ts";
import { installConfigSchema } from "../../../src/config/schema/install-config.ts";
import { ECDSA, ED25519, PULL_SECRET, RSA, kvm, none, vsphere, warningsOf, yamlOf } from "./verdicts/support.ts";

const UPSTREAM = { distribution: "kubernetes" };
const HERE = "VALUE-IS-HERE";
const V = "platform.vsphere";
const USER = `${V}.vcenters[0].user`;
const PASSWORD = `${V}.vcenters[0].password`;
const NETWORK = `${V}.failureDomains[0].topology.networks[0]`;
const CLUSTER = `${V}.failureDomains[0].topology.computeCluster`;

/** A valid file with a text of the user's own at a path: YAML source, not a value. */
function fileWith(path: string, source: string, change: Readonly<Record<string, unknown>> = {}): string {
  const base = path.startsWith(V) || "distribution" in change ? vsphere : path.startsWith("platform.kvm") ? kvm : none;
  const proxy = path.startsWith("proxy.") ? { "proxy.httpProxy": "http://proxy.example.com:3128" } : {};
  const text = yamlOf(base, { ...change, ...proxy, [path]: HERE });
  const indent = /^ */.exec(text.split("\n").find((line) => line.includes(HERE)) ?? "")?.[0] ?? "";
  return text.replace(HERE, () => source.replaceAll("\n", `\n${indent}  `));
}

const QUOTES = "single quotes";

/** What is written, and the one error that must come of it. */
const REFUSED: readonly (readonly [title: string, path: string, source: string, fragment: string])[] = [
  ["a bell from a backslash", USER, '"CORP\\administrator"', `control character; write it in ${QUOTES}`],
  ["an escape from a backslash", USER, '"CORP\\esther"', `control character; write it in ${QUOTES}`],
  ["a line end from a backslash", USER, '"CORP\\naomi"', `control character; write it in ${QUOTES}`],
  ["a tab from a backslash", USER, '"CORP\\tom"', `control character; write it in ${QUOTES}`],
  ["a C1 character from a backslash", USER, '"CORP\\Nora"', `control character; write it in ${QUOTES}`],
  ["a no-break space from a backslash", USER, '"CORP\\_x"', "a no-break space, U+00A0"],
  ["a line separator from a backslash", USER, '"CORP\\Lea"', "U+2028"],
  ["an escape that YAML does not know", USER, '"CORP\\user"', QUOTES],
  ["a block that ends in a line feed", PASSWORD, "|\nS3cret!", `control character; write it in ${QUOTES}`],
  ["a folded block", PASSWORD, ">\nS3cret!", `control character; write it in ${QUOTES}`],
  ["a tab inside", NETWORK, "VM\tNetwork", "a tab, U+0009"],
  ["a NUL", "baseDomain", '"example.com\\0"', "control character"],
  ["a password that begins with !", PASSWORD, "!S3cret word", `begins with !, which YAML takes for a tag; put it in ${QUOTES}`],
  ["a password of one word that begins with !", PASSWORD, "!S3cret", `begins with !`],
  ["a lone !", PASSWORD, "! S3cret", `begins with !`],
  ["a tag of YAML's that is no text", PASSWORD, "!!binary UzNjcmV0", `begins with !`],
  ["a list item that begins with !", NETWORK, "!ocp", `begins with !`],
  ["a mapping with a tag", `${V}.nodeNetworking`, "!x {}", "begins with !"],
  ["a password with # behind a blank", PASSWORD, "S3cret #word", `is a comment to YAML; if it belongs to the text, put all of it in ${QUOTES}`],
  ["a password that begins with #", PASSWORD, "#S3cret", `put all of it in ${QUOTES}`],
  ["a user with # behind a blank", USER, "admin #1", `put all of it in ${QUOTES}`],
  ["a password with a colon and a blank", PASSWORD, "S3cret: word", QUOTES],
  ["a password that ends in a colon", PASSWORD, "S3cret:", QUOTES],
  ["a password that begins with %", PASSWORD, "%S3cret", QUOTES],
  ["a password that begins with @", PASSWORD, "@S3cret", QUOTES],
  ["a password that begins with *", PASSWORD, "*S3cret", QUOTES],
  ["a password that begins with &", PASSWORD, "&S3cret", QUOTES],
  ["a password that begins with |", PASSWORD, "|S3cret", QUOTES],
  ["a password that begins with two !", PASSWORD, "!S3cret!x y", QUOTES],
  ["a password with a quote at the beginning", PASSWORD, '"S3"cret', QUOTES],
  ["a pull secret in double quotes", "pullSecret", '"{"auths":{}}"', QUOTES],
  ["a no-break space before a value", "baseDomain", "\u00a0example.com", "a no-break space, U+00A0"],
  ["a no-break space behind a value", CLUSTER, "/dc/host/c\u00a0", "a no-break space, U+00A0"],
  ["a no-break space inside", NETWORK, "VM\u00a0Network", "a no-break space, U+00A0"],
  ["a zero-width space behind a value", PASSWORD, "S3cret\u200b", "U+200B"],
  ["a zero-width joiner", CLUSTER, "/dc/host/\u200dc", "U+200D"],
  ["a byte order mark inside", "baseDomain", "\ufeffexample.com", "byte order mark"],
  ["a character that turns the direction", NETWORK, "a\u202eb", "U+202E"],
  ["typographic quotes", "baseDomain", "“example.com”", `typographic quote, which YAML takes for part of the text; put it in ${QUOTES}`],
  ["typographic quotes around a password", PASSWORD, "‘S3cret’", "typographic quote"],
  ["typographic quotes around a pull secret", "pullSecret", `‘${PULL_SECRET}’`, "typographic quote"],
  ["an unquoted pull secret", "pullSecret", PULL_SECRET, `must be text, not a mapping; put it in ${QUOTES}`],
  ["a pull secret of several mappings", "pullSecret", "\nauths:\n  quay.io: {auth: S3cret}", `put it in ${QUOTES}`],
  ["a password that begins with {", PASSWORD, "{S3cret}", `must be text, not a mapping; put it in ${QUOTES}`],
  ["a password that begins with [", PASSWORD, "[S3cret]", `must be text, not a list; put it in ${QUOTES}`],
  ["a password of digits", PASSWORD, "0777", "must be text, not a number; put it in quotes"],
  ["a password that is a word of YAML's", PASSWORD, "no", "must be text, not true or false; put it in quotes"],
  ["keys as a list", "sshKey", `[${ED25519}, ${RSA}]`, "write one a line below `sshKey: |`"],
  ["folded keys", "sshKey", `>\n${ED25519}\n${RSA}`, "holds several keys; write one a line below `sshKey: |`"],
  ["folded keys of other types", "sshKey", `>-\n${ECDSA}\n${ECDSA}`, "holds several keys"],
  ["keys behind each other", "sshKey", `'${ED25519}\\n${RSA}'`, "holds several keys"],
  ["keys with a comma between", "sshKey", `'${ED25519},${RSA}'`, "holds several keys"],
  [
    "a folded certificate",
    "additionalTrustBundle",
    ">\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "its lines are joined; write them as they are, below a |",
  ],
  ["a comma behind a list item", NETWORK, "VM Network,", "ends in a separator; remove it"],
  ["a semicolon behind a path", CLUSTER, "/dc/host/c;", "ends in a separator; remove it"],
  ["a comma behind a domain", "baseDomain", "example.com,", "ends in a separator; remove it"],
  ["a blank behind a text in quotes", CLUSTER, '"/dc/host/c "', "begins or ends with a blank; remove it"],
  ["a blank before a text in quotes", "metadata.name", "' lab'", "begins or ends with a blank; remove it"],
  ["a dot behind a cluster's name", "metadata.name", "lab.", "DNS-1123"],
  ["a slash behind a CIDR", "networking.serviceNetwork[0]", "172.30.0.0/16/", ""],
  ["a CIDR without length", "networking.serviceNetwork[0]", "172.30.0.0/", ""],
];

/** What is written, and harmless: the value that is read. */
const ACCEPTED: readonly (readonly [title: string, path: string, source: string, value: string])[] = [
  ["a backslash without quotes", USER, "CORP\\administrator", "CORP\\administrator"],
  ["a backslash in single quotes", USER, "'CORP\\administrator'", "CORP\\administrator"],
  ["a block without a line feed", PASSWORD, "|-\nS3cret!", "S3cret!"],
  ["! in single quotes", PASSWORD, "'!S3cret word'", "!S3cret word"],
  ["# in single quotes", PASSWORD, "'S3cret #word'", "S3cret #word"],
  ["# without a blank", PASSWORD, "S3cret#word", "S3cret#word"],
  [": in single quotes", PASSWORD, "'S3: cret'", "S3: cret"],
  [": without a blank", PASSWORD, "S3:cret", "S3:cret"],
  ["a blank at the end of a password", PASSWORD, "'S3cret '", "S3cret "],
  ["a tag that says text", PASSWORD, "!!str 0777", "0777"],
  ["digits in quotes", PASSWORD, "'0777'", "0777"],
  ["a comment behind a reference", PASSWORD, "env:VC_PASSWORD #from the vault", "env:VC_PASSWORD"],
  ["a comment behind a text in quotes", PASSWORD, "'S3cret' #changed in May", "S3cret"],
  ["blanks behind a text", CLUSTER, "/dc/host/c   ", "/dc/host/c"],
  ["a tab behind a text", CLUSTER, "/dc/host/c\t", "/dc/host/c"],
  ["a comment behind a text", CLUSTER, "/dc/host/c # the first", "/dc/host/c"],
  ["letters of any language", NETWORK, "Büro-Netz 東", "Büro-Netz 東"],
  ["an apostrophe inside", NETWORK, "Anna’s net", "Anna’s net"],
  ["a dot behind a domain", "baseDomain", "example.com.", "example.com."],
];

const valueAt = (config: unknown, path: string): unknown =>
  path
    .replaceAll(/\[(\d+)\]/g, ".$1")
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], config);

describe("what YAML reads otherwise than it was meant", () => {
  it.each(REFUSED)("is refused: %s", (_, path, source, fragment) => {
    const text = fileWith(path, source, UPSTREAM);
    const { errors } = parseInstallConfig(text);
    expect(errors.map(formatIssue)).toEqual([expect.stringContaining(fragment)]);
    const line =
      text.split("\n").findIndex((one) =>
        one.includes(
          path
            .replace(/\[\d+\]$/, "")
            .split(".")
            .at(-1) ?? "",
        ),
      ) + 1;
    if (errors[0]?.path !== "") expect(errors[0]?.line).toBeGreaterThanOrEqual(line);
    expect(errors.map(formatIssue).join("\n")).not.toContain("S3cret");
  });

  // OpenShift's installer reads all texts as YAML has them. Of a secret that is no help.
  it.each(REFUSED)("is refused or named with OpenShift: %s", (_, path, source, fragment) => {
    const { errors, warnings } = parseInstallConfig(fileWith(path, source));
    const isSecret = [USER, PASSWORD, "pullSecret"].includes(path);
    expect((isSecret ? errors : [...errors, ...warnings]).map(formatIssue)).toContainEqual(expect.stringContaining(fragment));
    expect([...errors, ...warnings].map(formatIssue).join("\n")).not.toContain("S3cret");
  });

  it.each([
    ["a tab inside", NETWORK, '"VM\\tNetwork"', "VM\tNetwork"],
    ["a comma behind a list item", NETWORK, "VM Network,", "VM Network,"],
    ["a blank before a text in quotes", `${V}.failureDomains[0].region`, "' r'", " r"],
    ["a folded list", "proxy.noProxy", ">\na.example.com,\nb.example.com", undefined],
    ["a folded list without blanks", "proxy.noProxy", ">\na.example.com,b.example.com", "a.example.com,b.example.com\n"],
  ])("is read with OpenShift as it stands: %s", (_, path, source, value) => {
    const { config, errors, warnings } = parseInstallConfig(fileWith(path, source));
    expect(errors.map(({ message }) => message)).toEqual(value === undefined ? [expect.stringContaining("must not contain spaces")] : []);
    if (value !== undefined) expect(valueAt(config, path)).toBe(value);
    expect(warnings.map(({ message }) => message)).toContainEqual(expect.stringContaining("OpenShift's installer accepts it"));
  });

  it.each(ACCEPTED)("is harmless: %s", (_, path, source, value) => {
    const { config, errors } = parseInstallConfig(fileWith(path, source));
    const warnings = warningsOf(fileWith(path, source));
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    expect(valueAt(config, path)).toBe(value);
  });
});

describe("what may have been meant otherwise", () => {
  it.each([
    ["a comment behind a password", PASSWORD, "S3cret # word"],
    ["# behind a name", NETWORK, "VM Network #2"],
    ["# behind a domain", "baseDomain", "example.com #ours"],
  ])("is a warning: %s", (_, path, source) => {
    const { errors } = parseInstallConfig(fileWith(path, source));
    const warnings = warningsOf(fileWith(path, source));
    expect(errors).toEqual([]);
    expect(warnings).toMatchObject([
      {
        path: expect.stringContaining(path.split(".").at(-1)?.replace(/\[.*/, "") ?? "") as string,
        message: expect.stringContaining(QUOTES) as string,
      },
    ]);
  });
});

it("texts of several lines are known as such", () => {
  const several: string[] = [];
  walkSchema(installConfigSchema, (path, schema) => {
    const { description = "", rules = "", lines } = docOf(schema) ?? {};
    if (lines === true) several.push(path);
    else expect(`${path}: ${description} ${rules}`).not.toMatch(/PEM|one a line|Lines of/);
  });
  expect(several).toContain("sshKey");
});

describe("mappings in braces", () => {
  const flow = (password: string): string =>
    yamlOf(vsphere, { [PASSWORD]: HERE }).replace(
      /vcenters:\n(?: {6,}.*\n)+/,
      `vcenters: [{server: vc.example.com, datacenters: [dc], user: u, password: ${password}}]\n`,
    );

  it("may hold a password", () => {
    expect(parseInstallConfig(flow("'ab,S3cret'")).errors).toEqual([]);
  });

  it.each(["ab,S3cret", "ab,S3cret,S3cret", "ab,users"])("cut a text at a comma: %s", (password) => {
    const { errors } = parseInstallConfig(flow(password));
    expect(errors).toMatchObject([{ path: PASSWORD, message: expect.stringContaining(QUOTES) as string }]);
    expect(errors.map(formatIssue).join("\n")).not.toMatch(/S3cret|users/);
  });
});

describe("blanks that are none", () => {
  it.each([
    ["no-break spaces as indentation", "metadata:\n\u00a0\u00a0name: lab\n"],
    ["a no-break space among the indentation", "metadata:\n \u00a0name: lab\n"],
    ["a zero-width space before a key", "metadata:\n  \u200bname: lab\n"],
    ["a zero-width space in a key", "metadata:\n  na\u200bme: lab\n"],
    ["a byte order mark before a key", "metadata:\n  \ufeffname: lab\n"],
  ])("are the only error: %s", (_, lines) => {
    const { errors } = parseInstallConfig(`apiVersion: v1\n${lines}`);
    expect(errors).toMatchObject([{ kind: "Invalid value", line: 3, message: expect.stringContaining("cannot be seen") as string }]);
  });

  it("do no harm in a comment", () => {
    expect(parseInstallConfig(yamlOf(kvm, {}).replace("platform:", "# a\u00a0b\u200b\nplatform:")).errors).toEqual([]);
  });

  it("may be in what is handed on, and in the user's own labels", () => {
    expect(parseInstallConfig(yamlOf(kvm, { "metadata.annotations": { a: "b\u00a0c\nd\t" } })).errors).toEqual([]);
  });
});
