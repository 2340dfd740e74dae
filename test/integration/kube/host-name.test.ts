import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { machineFolder } from "../../helpers/machine-script.ts";

it("a machine takes the name that the platform has for it, once that is there, and nothing that is no name", async () => {
  const machine = await machineFolder();
  try {
    const name = join(machine.path, "hostname");
    const answers = join(machine.path, "answers");
    await writeFile(answers, ["No value found", "-n", "demo-x7k2p-worker-0-abcde", ""].join("\n"));
    // Each question takes the first of the answers that are left.
    const command = join(machine.path, "command");
    await writeFile(command, `head -n 1 ${answers}; [ -n "$(head -n 1 ${answers})" ]; result=$?; sed -i 1d ${answers}; exit $result\n`);
    await machine.command("functions", 'wait_until() { until "$@"; do :; done; }\n');
    await machine.command("hostname", `#!/bin/sh\nprintf '%s' "$1" >${join(machine.path, "kernel")}\n`);
    await machine.script("host-name", "kubernetes/scripts/host-name", {
      "/usr/local/libexec/virt-ipi/functions": join(machine.path, "bin/functions"),
      "/etc/virt-ipi/host-name-command": command,
      "/etc/hostname": name,
    });
    await machine.run("host-name");
    expect(await readFile(name, "utf8")).toBe("demo-x7k2p-worker-0-abcde\n");
    expect(await readFile(join(machine.path, "kernel"), "utf8")).toBe("demo-x7k2p-worker-0-abcde");
  } finally {
    await machine.dispose();
  }
});
