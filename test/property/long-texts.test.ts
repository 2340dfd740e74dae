import { describe, expect, it } from "vitest";
import { LONGEST_TEXT } from "../../src/config/fields/field.ts";
import { explain, parseInstallConfig, type FieldExplanation, type ParsedInstallConfig } from "../../src/config/index.ts";
import { cpuTime } from "../helpers/cpu-time.ts";
import { shareOf } from "../helpers/share.ts";
import { baremetal, external, kvm, kvmBridge, none, type Tree, vsphere, vsphereStatic, yamlOf } from "../unit/config/verdicts/support.ts";

/** Texts on which patterns that try too much take their time. */
const SHAPES: Readonly<Record<string, (length: number) => string>> = {
  "one letter": (length) => "a".repeat(length),
  "one digit": (length) => "1".repeat(length),
  "a URL without an end": (length) => `qemu+ssh://${"a".repeat(length)}`,
  "many parts of a URL": (length) => "http://a:".repeat(length / 9),
  "dots and letters": (length) => "a.".repeat(length / 2),
  "hyphens, then what no name has": (length) => `${"a-".repeat(length / 2)}!`,
  blanks: (length) => `a${" ".repeat(length)}b`,
  "signs of durations and versions": (length) => "1h1.".repeat(length / 4),
};

/** What is honest takes this; only beyond it growth is looked at. */
const QUICK_MS = 500;
/** Four times the length may take so many times longer; a quadratic pattern takes sixteen times. */
const GROWTH = 8;
const LIMIT_MS = 10 * 60_000;
const BASES: Readonly<Record<string, () => Tree>> = { baremetal, external, none, vsphere, kvm };

/** Every path that takes text, with 0 for each list index. */
const PATHS = textPaths("");

function textPaths(path: string): readonly string[] {
  const field: FieldExplanation | undefined = explain(path);
  if (field === undefined) throw new Error(`nothing is known of ${path}`);
  const isList = field.type.startsWith("list of");
  const at = isList ? `${path}[0]` : path;
  const own = path !== "" && field.children.length === 0 ? [at] : [];
  return [...own, ...field.children.flatMap(({ key }) => textPaths(path === "" ? key : `${at}.${key}`))];
}

const basesOf = (path: string): readonly (() => Tree)[] => {
  const platform = /\bplatform\.(\w+)/.exec(path)?.[1];
  if (platform === "vsphere") return [vsphere, vsphereStatic];
  return platform === "kvm" ? [kvm, kvmBridge] : [BASES[platform ?? "kvm"] ?? kvm];
};

/** The document is made without the long text, which YAML's printer takes its time for. */
function parse(base: () => Tree, path: string, text: string): ParsedInstallConfig {
  return parseInstallConfig(yamlOf(base, { [path]: "LONG-TEXT" }).replace("LONG-TEXT", () => JSON.stringify(text)));
}

const timeOf = (base: () => Tree, path: string, text: string): number => cpuTime(() => parse(base, path, text)).milliseconds;

function slowPaths(paths: readonly string[], make: (length: number) => string, length: number): readonly string[] {
  const isSlow = (base: () => Tree, path: string): boolean =>
    timeOf(base, path, make(length)) > QUICK_MS &&
    // Again, since the first may have been the compiler's or the collector's time.
    timeOf(base, path, make(length)) > GROWTH * Math.max(1, timeOf(base, path, make(length / 4)));
  return paths.filter((path) => basesOf(path).some((base) => isSlow(base, path)));
}

/** In UNLIMITED alone texts as long as a file may be come through to the rules: keys, certificates, passwords. */
const TEXTS = PATHS.filter((path) => /^(list of )?string$/.test(explain(path.replaceAll("[0]", ""))?.type ?? ""));
const UNLIMITED = TEXTS.filter((path) => {
  const { errors } = parse(basesOf(path)[0] ?? kvm, path, "a".repeat(LONGEST_TEXT + 1));
  return !errors.some(({ message }) => message.includes(`at most ${LONGEST_TEXT} are accepted`));
});

describe("a long text", () => {
  it("is refused by the schema in more than a hundred places, and by rules in some", () => {
    expect(TEXTS.length - UNLIMITED.length).toBeGreaterThan(100);
    expect(UNLIMITED).toEqual(expect.arrayContaining(["pullSecret", "sshKey", "additionalTrustBundle"]));
  });

  it.each(Object.entries(SHAPES).map(([shape, make], index) => [shape, index, make] as const))(
    "within the limit, of %s, takes no time that grows faster than it, in any field",
    (_shape, index, make) => expect(slowPaths(shareOf(PATHS, index), make, LONGEST_TEXT)).toEqual([]),
    LIMIT_MS,
  );

  it.each(Object.entries(SHAPES))(
    "of a megabyte, of %s, takes no time that grows faster than it, where no limit holds",
    (_shape, make) => expect(slowPaths(UNLIMITED, make, 1_000_000)).toEqual([]),
    LIMIT_MS,
  );

  it("of a megabyte is refused in any text before a pattern takes its time", { timeout: LIMIT_MS }, () =>
    expect(slowPaths(shareOf(TEXTS), SHAPES["many parts of a URL"] ?? String, 1_000_000)).toEqual([]),
  );
});
