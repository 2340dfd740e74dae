import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract, list } from "tar";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import type { Vcsim } from "../../../tools/vcsim/index.ts";
import { packedOva } from "../../helpers/packed-ova.ts";
import { testVcsim } from "../../helpers/vcsim.ts";

let folder: string;
let ova: string;
let vcsim: Vcsim;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vsphere-ova-"));
  ova = await packedOva(folder, "node-image", { megabytes: 3, machine: { hardwareVersion: 17, firmware: "efi" } });
  vcsim = await testVcsim();
});

afterAll(async () => {
  await vcsim.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("our OVA", () => {
  it("holds descriptor, manifest and disk in this order, and the manifest tells their sha256", async () => {
    const names: string[] = [];
    await list({ file: ova, onReadEntry: (entry) => names.push(entry.path) });
    expect(names).toEqual(["node-image.ovf", "node-image.mf", "node-image-disk1.vmdk"]);

    const into = join(folder, "unpacked");
    await mkdir(into);
    await extract({ file: ova, cwd: into });
    const sums = (await readFile(join(into, "node-image.mf"), "utf8")).trim().split("\n");
    expect(sums).toHaveLength(2);
    for (const line of sums) {
      const [, name = "", sum] = /^SHA256\((.+)\)= ([0-9a-f]{64})$/.exec(line) ?? [];
      expect(
        createHash("sha256")
          .update(await readFile(join(into, name)))
          .digest("hex"),
      ).toBe(sum);
    }
  });

  it("holds the image's bytes in a stream-optimised VMDK", async () => {
    const disk = join(folder, "unpacked", "node-image-disk1.vmdk");
    const { stdout } = await run("qemu-img", ["info", "--output=json", disk]);
    expect(JSON.parse(stdout)).toMatchObject({
      format: "vmdk",
      "virtual-size": 3 * 2 ** 20,
      "format-specific": { data: { "create-type": "streamOptimized" } },
    });
    // The header tells the version of the tools that vSphere takes as managed by the guest.
    expect((await readFile(disk)).subarray(0, 4096).toString("latin1")).toContain('ddb.toolsVersion = "2147483647"');
  });

  it("comes out of an import as it was described", async () => {
    await vcsim.govc("import.ova", "-name=imported", "-ds=LocalDS_0", "-pool=/DC0/host/DC0_C0/Resources", ova);
    const info = JSON.parse((await vcsim.govc("vm.info", "-json", "imported")).stdout) as {
      virtualMachines: {
        config: { version: string; guestId: string; hardware: { device: { capacityInBytes?: number; capacityInKB?: number }[] } };
      }[];
    };
    const config = info.virtualMachines[0]?.config;
    expect(config).toMatchObject({ version: "vmx-17", guestId: "debian10_64Guest", hardware: { numCPU: 2, memoryMB: 4096 } });
    expect(config?.hardware.device.map(({ capacityInKB }) => capacityInKB).filter(Boolean)).toEqual([3 * 1024]);
    const devices = (await vcsim.govc("device.ls", "-vm=imported")).stdout;
    expect(devices).toMatch(/VirtualVmxnet3/);
    expect(devices).toMatch(/ParaVirtualSCSIController/);
  });

  it("is refused when a byte of the disk is not the manifest's", async () => {
    const damaged = await readFile(ova);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 400_000) ^ 0xff, damaged.length - 400_000);
    const path = join(folder, "damaged.ova");
    await writeFile(path, damaged);
    await expect(vcsim.govc("import.ova", "-m", "-name=damaged", "-ds=LocalDS_0", "-pool=/DC0/host/DC0_C0/Resources", path)).rejects.toThrow(
      /digest|checksum|mismatch|invalid/i,
    );
  });
});
