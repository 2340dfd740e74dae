import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { renderTemplate } from "../../src/assets/templates.ts";
import { shellQuote } from "../../src/util/index.ts";

it("a shell reads a quoted word as the text it was", () => {
  const word = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0") && Buffer.from(text).toString() === text);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
      const script = `printf '%s\\0' ${words.map(shellQuote).join(" ")}`;
      expect(execFileSync("/bin/sh", ["-c", script]).toString().split("\0").slice(0, -1)).toEqual(words);
    }),
    { numRuns: 50 },
  );
});

it("a value is put in as it is, whatever it looks like", () => {
  const value = fc.oneof(fc.string(), fc.constantFrom("{{other}}", "$&", "$1", "{{value}}"));
  fc.assert(
    fc.property(value, (given) => {
      expect(renderTemplate(new Map([["t", "<{{value}}>"]]), "t", { value: given })).toBe(`<${given}>`);
    }),
  );
});
