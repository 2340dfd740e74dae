import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256Of } from "../../../src/util/index.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp("/tmp/vt-sha256-");
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

describe("the sha256 of a file", () => {
  // One piece is a mebibyte.
  it.each([0, 1, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 3 * 2 ** 20 + 17])("of %i bytes", async (bytes) => {
    const content = randomBytes(bytes);
    await writeFile(join(folder, "file"), content);
    expect(await sha256Of(join(folder, "file"))).toBe(createHash("sha256").update(content).digest("hex"));
  });

  it("is given up for an abort", async () => {
    await writeFile(join(folder, "file"), "text");
    const reason = new Error("enough");
    await expect(sha256Of(join(folder, "file"), AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
