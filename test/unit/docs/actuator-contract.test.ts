import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../../helpers/markdown.ts";
import { CONTRACT } from "../../helpers/libvirt-contract/contract.ts";

/** First cells of a page's only table, without its head. */
const topicsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^\| ([^|]+?) *\|/gm)].map(([, cell = ""]) => cell).filter((cell) => cell !== "topic" && !/^-+$/.test(cell));

it("shows each topic of the actuator's contract under the real controllers on a real libvirt", async () => {
  const topics = topicsIn(await readFile(join(ROOT, "docs/actuator-contract.md"), "utf8"));
  expect(topics.length).toBeGreaterThan(12);
  expect(CONTRACT.flatMap((check) => check.topics).toSorted()).toEqual(topics.toSorted());
});

it("reads topics from a table", () => {
  expect(topicsIn("# A\n\n| topic | what |\n| ----- | ---- |\n| one, b | x |\n| two    | y |\n")).toEqual(["one, b", "two"]);
});
