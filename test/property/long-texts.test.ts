import { describe, expect, it } from "vitest";
import { explain, parseInstallConfig, type FieldExplanation } from "../../src/config/index.ts";
import { cpuTime } from "../helpers/cpu-time.ts";
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
/** The first within the limit of a text, the second within that of the file. */
const LENGTHS = [16_000, 1_000_000] as const;

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

const timeOf = (base: () => Tree, path: string, text: string): number => {
  const yaml = yamlOf(base, { [path]: text });
  return cpuTime(() => parseInstallConfig(yaml)).milliseconds;
};

describe.each(LENGTHS)("a text of %i characters", (length) => {
  it("is in more than a hundred places", () => expect(PATHS.length).toBeGreaterThan(100));

  it.each(Object.entries(SHAPES))(
    "of %s takes no time that grows faster than the text, in any field",
    (_shape, make) => {
      const slow: string[] = [];
      for (const path of PATHS)
        for (const base of basesOf(path)) {
          const time = timeOf(base, path, make(length));
          // Twice, since the first may have been the compiler's or the collector's time.
          if (time > QUICK_MS && timeOf(base, path, make(length)) > GROWTH * Math.max(1, timeOf(base, path, make(length / 4)))) slow.push(path);
        }
      expect(slow).toEqual([]);
    },
    10 * 60_000,
  );
});
