import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyVerified, imageSize } from "../../../src/providers/verify-image.ts";

const CONTENT = "an image";
const RIGHT = createHash("sha256").update(CONTENT).digest("hex");
const WRONG = "0".repeat(64);

let folder: string;
let source: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-image-"));
  source = join(folder, "image.qcow2");
  await writeFile(source, CONTENT);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const never = new AbortController().signal;
const done = (): Promise<void> => Promise.resolve();
const fails = (): Promise<void> => Promise.reject(new Error("the pool is full"));
const untilStopped = (signal: AbortSignal): Promise<void> =>
  new Promise((_done, reject) => {
    const stop = (): void => {
      reject(new Error("stopped"));
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop);
  });

describe("copyVerified", () => {
  it("ends when both have ended well", async () => {
    await expect(copyVerified({ source, sha256: RIGHT }, never, done)).resolves.toBeUndefined();
  });

  it("stops the copy of a wrong image", async () => {
    await expect(copyVerified({ source, sha256: WRONG }, never, untilStopped)).rejects.toMatchObject({ id: "IMAGE_CHECKSUM" });
  });

  it("fails for a wrong image whose copy is done already", async () => {
    await expect(copyVerified({ source, sha256: WRONG }, never, done)).rejects.toMatchObject({ id: "IMAGE_CHECKSUM" });
  });

  it("blames the image rather than the copy when both are wrong", async () => {
    await expect(copyVerified({ source, sha256: WRONG }, never, fails)).rejects.toMatchObject({ id: "IMAGE_CHECKSUM" });
    await expect(copyVerified({ source, sha256: RIGHT }, never, fails)).rejects.toThrow("the pool is full");
  });

  it("is stopped with its caller", async () => {
    await expect(copyVerified({ source, sha256: RIGHT }, AbortSignal.abort(new Error("Ctrl-C")), untilStopped)).rejects.toThrow("Ctrl-C");
  });
});

it("says of an image that is not there that it cannot be read", async () => {
  const image = { source: join(folder, "none"), sha256: RIGHT };
  await expect(imageSize(image)).rejects.toMatchObject({ id: "IMAGE_UNREADABLE" });
  await expect(copyVerified(image, never, done)).rejects.toMatchObject({ id: "IMAGE_UNREADABLE" });
});
