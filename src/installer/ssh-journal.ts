import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../errors/index.ts";
import type { Runner } from "../exec/index.ts";
import { SECRET_FILE_MODE } from "../util/index.ts";

export interface SshTarget {
  readonly name: string;
  readonly address: string;
}

const COMMANDS: Readonly<Record<string, string>> = {
  "journal.log": "sudo journalctl --no-pager -b -o short-precise -n 20000",
  "units.txt": "systemctl list-units --all --no-pager; systemctl --failed --no-pager",
  "containers.txt": "sudo crictl ps -a 2>&1 || true",
  "network.txt": "ip address; ip route; ss -tlnp 2>/dev/null",
};

/** Journals and states of each machine that answers ssh, by file name inside the bundle; a machine that does not has `ssh-error.txt`. */
export async function gatherJournals(
  targets: readonly SshTarget[],
  privateKey: string,
  context: { readonly run: Runner; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), "virt-ipi-ssh-"));
  const key = join(folder, "key");
  try {
    await writeFile(key, privateKey, { mode: SECRET_FILE_MODE });
    const each = await Promise.all(targets.map(async (target) => await oneMachine(target, key, context)));
    return new Map(each.flat());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function oneMachine(
  { name, address }: SshTarget,
  key: string,
  { run, signal }: { readonly run: Runner; readonly signal: AbortSignal },
): Promise<readonly (readonly [string, string])[]> {
  // Host keys are made at first boot and known to nobody; the key proves us, not them, and nothing secret is sent.
  const options = [
    "-i",
    key,
    "-o",
    "IdentitiesOnly=yes",
    "-o",
    "BatchMode=yes",
    "-o",
    "ConnectTimeout=5",
    "-o",
    "StrictHostKeyChecking=no",
    "-o",
    "UserKnownHostsFile=/dev/null",
    "-o",
    "LogLevel=ERROR",
  ];
  const files: (readonly [string, string])[] = [];
  for (const [file, command] of Object.entries(COMMANDS)) {
    try {
      const { stdout, stderr } = await run("ssh", [...options, `core@${address}`, command], { timeoutMs: 60_000, signal });
      files.push([`machines/${name}/${file}`, `${stdout}${stderr === "" ? "" : `\n${stderr}`}`]);
    } catch (error) {
      signal.throwIfAborted();
      return [...files, [`machines/${name}/ssh-error.txt`, `${messageOf(error)}\n`]];
    }
  }
  return files;
}
