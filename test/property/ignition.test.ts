import fc from "fast-check";
import { expect, it } from "vitest";
import { fromResource, IgnitionBuilder, ignitionText, toResource, type IgnitionConfig } from "../../src/assets/ignition/index.ts";

// Random bytes hardly compress and repeated ones do: both ways are taken.
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 4096 }),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 500 }))
    .map(([unit, times]) => Uint8Array.from({ length: unit.length * times }, (_, at) => unit[at % unit.length] ?? 0)),
);
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 500 }),
  fc.string({ unit: "grapheme" }).map((part) => part.repeat(50)),
);

it("any bytes come back out of a resource", () => {
  let packed = 0;
  fc.assert(
    fc.property(bytes, (content) => {
      const resource = toResource(content);
      if (resource.compression === "gzip") packed++;
      expect(fromResource(resource).equals(content)).toBe(true);
    }),
    { numRuns: 500 },
  );
  expect(packed).toBeGreaterThan(50);
});

it("any text comes back out of a config that went through JSON", () => {
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 5 }), (contents) => {
      const builder = new IgnitionBuilder().file(...contents.map((one, index) => ({ path: `/srv/${index}`, contents: one })));
      const config = JSON.parse(ignitionText(builder.build())) as IgnitionConfig;
      const back = (config.storage?.files ?? []).map((file) => fromResource(file.contents ?? { source: "data:," }).toString());
      expect(back).toEqual(contents.map((one) => Buffer.from(one).toString()));
    }),
  );
});

it("a resource is never much larger than plain base64", () => {
  fc.assert(
    fc.property(bytes, (content) => {
      expect(toResource(content).source.length).toBeLessThanOrEqual(Math.ceil(content.length / 3) * 4 + 40);
    }),
  );
});
