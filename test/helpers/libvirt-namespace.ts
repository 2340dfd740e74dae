import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { libvirtHost, startLibvirtHost, type LibvirtHost } from "../../tools/demo-host/index.ts";

/** Namespace and folder carry the id of the test process, so that what a killed run left behind can be told and swept. */
const PREFIX = "vt";
const ROOT = "/tmp";

/**
 * A network namespace with its own libvirtd for one test file; see `tools/demo-host/libvirt-host.ts` for how it is made.
 * The caller disposes it in `afterAll`. First sweeps those of test processes that are gone.
 */
export async function libvirtNamespace(): Promise<LibvirtHost> {
  await sweep();
  const netns = `${PREFIX}-${process.pid}-${randomBytes(2).toString("hex")}`;
  return await startLibvirtHost({ netns, dir: join(ROOT, netns) });
}

async function sweep(): Promise<void> {
  for (const name of await readdir(ROOT)) {
    const pid = new RegExp(`^${PREFIX}-(\\d+)-[0-9a-f]{4}$`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await libvirtHost({ netns: name, dir: join(ROOT, name) }).dispose();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
