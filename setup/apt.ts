import { existsSync } from "node:fs";
import { readdir, rm, writeFile } from "node:fs/promises";
import { InstallerError, messageOf } from "../src/errors/index.ts";
import type { PartContext } from "./part.ts";
import { findProgram } from "./programs.ts";

const LISTS = "/var/lib/apt/lists";
const POLICY = "/usr/sbin/policy-rc.d";
const QUIET = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };

/**
 * Installs Debian packages, without recommended ones and without starting their services.
 * Asks apt for new lists only when there are none, or when the packages are not found by the old ones.
 * @throws InstallerError SETUP_PACKAGES_MISSING with the exact command, where this process may not install
 */
export async function aptInstall(context: PartContext, packages: readonly string[], policyFile = POLICY): Promise<void> {
  const command = `apt-get install --no-install-recommends ${packages.join(" ")}`;
  const apt = await findProgram("apt-get", context.env);
  if (apt === undefined)
    throw new InstallerError("SETUP_PACKAGES_MISSING", "programs are missing, and this is not a Debian system", {
      value: packages.join(" "),
      advice: "Install what your distribution calls these Debian packages, then run `virt-ipi setup` again.",
    });
  if (process.getuid?.() !== 0)
    throw new InstallerError("SETUP_PACKAGES_MISSING", "Debian packages are missing, and only root can install them", {
      value: packages.join(" "),
      advice: `Run \`sudo ${command}\`, then \`virt-ipi setup\` again.`,
    });
  const get = async (...args: readonly string[]): Promise<void> => {
    await context.run(apt, ["-y", "-q", ...args], { env: QUIET, signal: context.signal });
  };
  await withoutServices(policyFile, async () => {
    if (!(await haveLists())) await get("update");
    try {
      await get("install", "--no-install-recommends", ...packages);
    } catch {
      context.signal.throwIfAborted();
      context.log("trying again with new package lists");
      try {
        await get("update");
        await get("install", "--no-install-recommends", ...packages);
      } catch (error) {
        context.signal.throwIfAborted();
        throw new InstallerError("SETUP_PACKAGES_MISSING", `the packages could not be installed: ${messageOf(error)}`, {
          value: packages.join(" "),
          cause: error,
        });
      }
    }
  });
  if (existsSync("/run/systemd/system")) context.log("services of new packages were not started; `systemctl start libvirtd` starts libvirt");
}

/** The version that apt would install, or undefined. */
export async function aptCandidate(context: PartContext, name: string): Promise<string | undefined> {
  const cache = await findProgram("apt-cache", context.env);
  if (cache === undefined) return undefined;
  const { stdout } = await context.run(cache, ["policy", name], { env: QUIET, signal: context.signal });
  const version = /^ *Candidate: (\S+)/m.exec(stdout)?.[1];
  return version === "(none)" ? undefined : version;
}

async function haveLists(): Promise<boolean> {
  return (await readdir(LISTS).catch(() => [])).some((name) => name.includes("_Packages"));
}

/** Debian's way to say that installing must not start services: a policy-rc.d that answers 101. An existing one stays. */
async function withoutServices(policyFile: string, work: () => Promise<void>): Promise<void> {
  if (existsSync(policyFile)) return work();
  await writeFile(policyFile, "#!/bin/sh\nexit 101\n", { mode: 0o755, flag: "wx" });
  try {
    await work();
  } finally {
    await rm(policyFile, { force: true });
  }
}
