import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { bootDisk, bootSector, BOOT_SECTOR_TEXT } from "../../../tools/kubevirt-images/boot-sector.ts";

/** The guest of one sector, on QEMU's BIOS. */

it.each(["ide", "virtio"])("says on the first serial port that it runs, from a disk on %s", async (bus) => {
  const folder = await mkdtemp(join(tmpdir(), "virt-ipi-sector-"));
  try {
    const disk = join(folder, "disk.img");
    await writeFile(disk, bootDisk());
    const found = new AbortController();
    const lines: string[] = [];
    const args = ["-accel", "tcg", "-m", "64", "-display", "none", "-serial", "stdio", "-nic", "none"];
    await run("qemu-system-x86_64", [...args, "-drive", `file=${disk},format=raw,if=${bus}`], {
      signal: found.signal,
      timeoutMs: 600_000,
      onLine: (line) => {
        lines.push(line.trim());
        if (line.includes(BOOT_SECTOR_TEXT)) found.abort();
      },
    }).catch((error: unknown) => {
      if (!found.signal.aborted) throw error;
    });
    expect(lines).toContain(BOOT_SECTOR_TEXT);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it("refuses a text that the sector has no place for", () => {
  expect(() => bootSector("x".repeat(500))).toThrow(RangeError);
});
