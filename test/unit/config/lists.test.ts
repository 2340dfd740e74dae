import { expect, it } from "vitest";
import { parseInstallConfig } from "../../../src/config/index.ts";
import { BASES, PATHS } from "../../helpers/odd-install-configs.ts";
import { yamlOf } from "./verdicts/support.ts";

/** Every list of the file: what is wrong with one of its items must not be in the way of what is wrong with another. */
const LISTS = PATHS.filter((path) => path.endsWith("[0]")).map((path) => path.slice(0, -"[0]".length));
const ODD: readonly (readonly unknown[])[] = [
  [-1, null],
  [null, -1],
  [null, null],
  ["a", null, {}],
  [[], null, "a"],
  [{}, null, true, ""],
];

it.each(BASES.map((base, index) => [index, base] as const))("answers whatever stands in a list, base %i", (_, base) => {
  expect(LISTS.length).toBeGreaterThan(80);
  const thrown: string[] = [];
  for (const list of LISTS)
    for (const items of ODD) {
      let text: string;
      try {
        text = yamlOf(base, { [list]: items });
      } catch {
        // The base has nothing in which the list could be.
        continue;
      }
      try {
        const { errors, spec } = parseInstallConfig(text);
        if ((spec === undefined) !== errors.length > 0) thrown.push(`${list}: ${JSON.stringify(items)}: neither valid nor refused`);
      } catch (error) {
        thrown.push(`${list}: ${JSON.stringify(items)}: ${String(error)}`);
      }
    }
  expect(thrown).toEqual([]);
});
