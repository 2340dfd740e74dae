import { readFile } from "node:fs/promises";
import { freemem, homedir } from "node:os";
import { join } from "node:path";
import type { InstallConfigAnswers } from "../../config/index.ts";
import { InstallerError } from "../../errors/index.ts";

const KEYS = ["id_ed25519.pub", "id_ecdsa.pub", "id_rsa.pub"];
const MACHINE_MB = 4_096;

/** What this host suggests: the user's ssh key, and as many machines as its free memory carries. */
export async function hostDefaults(): Promise<Partial<InstallConfigAnswers>> {
  let sshKey: string | undefined;
  for (const name of KEYS) sshKey ??= await readFile(join(homedir(), ".ssh", name), "utf8").catch(() => undefined);
  // One more for the bootstrap machine while it lives.
  const room = Math.floor(freemem() / 1_048_576 / MACHINE_MB) - 1;
  const counts =
    room >= 5
      ? { controlPlaneReplicas: 3, computeReplicas: 2 }
      : room >= 3
        ? { controlPlaneReplicas: 3, computeReplicas: 0 }
        : { controlPlaneReplicas: 1, computeReplicas: room >= 2 ? 1 : 0 };
  return { ...counts, ...(sshKey === undefined ? {} : { sshKey: sshKey.trim() }) };
}

/** @throws InstallerError FILE_UNREADABLE, also for a private key */
export async function readPublicKey(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new InstallerError("FILE_UNREADABLE", `cannot read ${path}`, { value: path, cause: error });
  });
  if (text.includes("PRIVATE KEY"))
    throw new InstallerError("FILE_UNREADABLE", `${path} is a private key`, {
      value: path,
      advice: "Give the public one, which mostly ends in .pub.",
    });
  return text.trim();
}
