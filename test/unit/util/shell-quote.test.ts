import { describe, expect, it } from "vitest";
import { inQuotes, shellQuote } from "../../../src/util/index.ts";

describe("shellQuote", () => {
  it.each([
    ["plain-1.2/x", "plain-1.2/x"],
    ["", "''"],
    ["a b", "'a b'"],
    ["it's", String.raw`'it'\''s'`],
    ["$(id)", "'$(id)'"],
    ["~", "'~'"],
  ])("quotes %j", (text, word) => {
    expect(shellQuote(text)).toBe(word);
  });

  it("refuses NUL", () => {
    expect(() => shellQuote("a\0b")).toThrow("NUL");
  });
});

it("always puts a word in quotes where that is asked for", () => {
  expect(["plain", "it's"].map(inQuotes)).toEqual(["'plain'", String.raw`'it'\''s'`]);
});
