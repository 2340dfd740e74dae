import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { machineFolder } from "../../helpers/machine-script.ts";

/** The states of the kernel's switch, and what the script leaves there: kernel.org/doc/Documentation/ABI/testing/sysfs-devices-system-cpu. */
it.each([
  ["on", "off"],
  ["off", "off"],
  ["forceoff", "forceoff"],
  ["notsupported", "notsupported"],
  ["notimplemented", "notimplemented"],
])("a machine whose threads are %s has them %s afterwards", async (before, after) => {
  const machine = await machineFolder();
  try {
    const control = join(machine.path, "control");
    await writeFile(control, `${before}\n`);
    await machine.script("smt-off", "kubernetes/scripts/smt-off", { "/sys/devices/system/cpu/smt/control": control });
    await machine.run("smt-off");
    expect((await readFile(control, "utf8")).trim()).toBe(after);
  } finally {
    await machine.dispose();
  }
});
