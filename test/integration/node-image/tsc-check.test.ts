import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { machineFolder, type MachineFolder } from "../../helpers/machine-script.ts";

/** The initramfs' look at how the kernel has measured its clock. The lines are those of emulated machines. */
const SCRIPT = "node-image/overlay/usr/lib/dracut/modules.d/35virt-ipi/tsc-check";
const RIGHT = `[    0.056000] tsc: Unable to calibrate against PIT
[    0.056000] tsc: using HPET reference calibration
[    0.056000] tsc: Detected 2445.437 MHz processor`;
const WRONG = `[    0.052000] tsc: PIT calibration deviates from HPET: 837343 2445570
[    0.052000] tsc: Using PIT calibration value
[    0.052000] tsc: Detected 837.343 MHz processor`;

let machine: MachineFolder;

beforeAll(async () => {
  machine = await machineFolder();
  await machine.script("tsc-check", SCRIPT, { "/proc/sysrq-trigger": join(machine.path, "sysrq") });
  await machine.command("dmesg", `#!/bin/sh\ncat ${join(machine.path, "kernel.log")}\n`);
});

afterAll(async () => {
  await machine?.dispose();
});

it.each([
  ["goes on with a clock that was measured rightly", RIGHT, ""],
  ["starts the machine again when the kernel believes a wrong measure", WRONG, "b"],
])("%s", async (_name, kernelLog, sysrq) => {
  await writeFile(join(machine.path, "kernel.log"), kernelLog);
  await machine.run("tsc-check");
  const read = async (name: string): Promise<string> => await readFile(join(machine.path, name), "utf8").catch(() => "");
  expect((await read("sysrq")).trim()).toBe(sysrq);
  expect((await read("console")).includes("starting again")).toBe(sysrq !== "");
});
