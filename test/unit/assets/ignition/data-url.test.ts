import { describe, expect, it } from "vitest";
import { fromResource, toResource } from "../../../../src/assets/ignition/index.ts";

describe("toResource", () => {
  it("leaves short text as it is", () => {
    expect(toResource("hello")).toEqual({ source: "data:text/plain;charset=utf-8;base64,aGVsbG8=" });
  });

  it("compresses what becomes a tenth smaller, with the same bytes on every system", () => {
    const packed = toResource("the same line\n".repeat(100));
    expect(packed.compression).toBe("gzip");
    const bytes = Buffer.from(packed.source.slice(packed.source.indexOf(",") + 1), "base64");
    // Magic, deflate, no flags, no time; then the operating system as unknown.
    expect([...bytes.subarray(0, 8)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    expect(bytes[9]).toBe(255);
  });

  it("does not compress what would not shrink", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    expect(toResource(bytes)).not.toHaveProperty("compression");
  });
});

describe("fromResource", () => {
  it.each([
    ["data:,a%20b%0A", "a b\n"],
    ["data:,", ""],
    ["data:text/plain;base64,w6Q=", "ä"],
    ["data:,%C3%A4", "ä"],
  ])("reads %s", (source, text) => {
    expect(fromResource({ source }).toString()).toBe(text);
  });

  it("refuses what must be fetched", () => {
    expect(() => fromResource({ source: "https://example.com/x" })).toThrow("not a data URL");
  });
});
