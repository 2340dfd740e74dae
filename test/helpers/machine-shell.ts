import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseKeyStore } from "../../src/assets/index.ts";
import type { Installation } from "./kvm-installation.ts";

const OPTIONS = [
  "BatchMode=yes",
  "ConnectTimeout=20",
  "IdentitiesOnly=yes",
  "LogLevel=ERROR",
  "StrictHostKeyChecking=no",
  "UserKnownHostsFile=/dev/null",
];

/** Runs a shell command on a machine as core, with the key that every machine lets in, and gives what it prints. */
export async function onMachine(one: Installation, address: string, command: string): Promise<string> {
  const { keys } = parseKeyStore(await readFile(join(one.dir, ".virt-ipi/keys.json"), "utf8"));
  // Beside the cluster folder, which the suite searches for secrets that are readable; that of the host ends with it.
  const key = join(one.host.dir, "ssh-key");
  await writeFile(key, keys["bootstrap-ssh"]?.privateKey ?? "", { mode: 0o600 });
  const { stdout } = await one.host.exec(["ssh", "-i", key, ...OPTIONS.flatMap((option) => ["-o", option]), `core@${address}`, command], {
    timeoutMs: 120_000,
  });
  return stdout;
}
