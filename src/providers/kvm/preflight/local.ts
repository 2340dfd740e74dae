import { open } from "node:fs/promises";
import { isInstallerError } from "../../../errors/index.ts";
import { failed, ok, skipped, warning, type Finding } from "../../preflight/check.ts";
import type { CheckInput } from "./check.ts";
import { isLocal } from "../acceleration.ts";

const TOOLS = ["virsh", "qemu-img"] as const;

/** The programs on this host; a remote libvirt still needs virsh here. */
export async function checkTools({ run, signal }: CheckInput): Promise<Finding> {
  const versions: string[] = [];
  for (const tool of TOOLS) {
    try {
      const { stdout } = await run(tool, ["--version"], { signal });
      versions.push(`${tool} ${/(\d+\.\d+[.\d]*)/.exec(stdout)?.[1] ?? stdout.trim()}`);
    } catch (error) {
      if (isInstallerError(error) && error.id === "EXEC_NOT_FOUND")
        return failed(`${tool} is not installed`, "Run `virt-ipi setup`, or install libvirt-clients and qemu-utils.");
      throw error;
    }
  }
  return ok(versions.join(", "));
}

/** `QFI\xfb`: the first bytes of every qcow2 file. Source: QEMU docs/interop/qcow2.txt */
const QCOW2_MAGIC = 0x51_46_49_fb;

/** Whole images are read and compared with their sha256 when they are copied; here the cheap part is looked at. */
export async function checkImage({ platform }: CheckInput): Promise<Finding> {
  const path = platform.clusterOSImage;
  if (path === undefined) return skipped("the distribution's node image, verified by its set-up and again when it is copied");
  if (/^https?:/.test(path)) return skipped("a URL, verified when it is downloaded");
  const file = await open(path.replace(/^file:\/\//, ""), "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (bytesRead === 4 && buffer.readUInt32BE() === QCOW2_MAGIC) return ok(`${path}, ${Math.ceil((await file.stat()).size / 2 ** 20)} MiB`);
    return failed(`${path} is not a qcow2 image`, "Convert it with `qemu-img convert -O qcow2`, or give another under platform.kvm.clusterOSImage.");
  } finally {
    await file.close();
  }
}

const LARGEST_SKEW_MS = 60_000;

/** Machines take their clock from the host, and certificates begin at the identity's time. */
export async function checkClock({ platform, identity, run, signal }: CheckInput): Promise<Finding> {
  const now = Date.now();
  const created = Date.parse(identity.createdAt);
  if (created - now > LARGEST_SKEW_MS)
    return failed(
      `the clock shows ${new Date(now).toISOString()}, but the cluster's keys were created at ${identity.createdAt}`,
      "Set the clock of this host (chrony, systemd-timesyncd).",
    );
  if (!isLocal(platform.uri)) {
    const skew = await remoteSkew(platform.uri, run, signal);
    if (skew === undefined) return skipped("the clock of the remote host cannot be read over this connection");
    if (Math.abs(skew) > LARGEST_SKEW_MS)
      return failed(`the clock of the remote host differs by ${Math.round(skew / 1_000)} s`, "Synchronise both clocks (chrony).");
    return ok(`differs by ${Math.round(skew / 1_000)} s from the remote host's`);
  }
  if (now < Date.parse("2025-01-01")) return warning(`the clock shows ${new Date(now).toISOString()}`, "Set the clock of this host.");
  return ok(new Date(now).toISOString());
}

async function remoteSkew(uri: string, run: CheckInput["run"], signal: AbortSignal): Promise<number | undefined> {
  const url = new URL(uri);
  if (!url.protocol.includes("ssh")) return undefined;
  const target = `${url.username === "" ? "" : `${decodeURIComponent(url.username)}@`}${url.hostname}`;
  // "--" so that no host name can be taken for an option.
  const { stdout } = await run("ssh", ["-o", "BatchMode=yes", ...(url.port === "" ? [] : ["-p", url.port]), "--", target, "date", "+%s"], {
    signal,
    timeoutMs: 15_000,
  });
  return Number(stdout.trim()) * 1_000 - Date.now();
}
