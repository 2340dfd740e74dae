import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { join } from "node:path";
import { parse } from "yaml";
import { readTextIfExists } from "../util/index.ts";

/**
 * The stack settings beside one of our Pulumi.yaml files, if they were made with another passphrase than this one: plain `pulumi` then takes
 * their salt for this cluster's and finds the passphrase wrong. A destroyed cluster of the same name leaves such a file.
 * @param directories where one of our Pulumi.yaml files may be: the cluster folder (`virt-ipi init`), and the program's own
 * @returns its path, or undefined if there is none or it fits
 */
export async function foreignSettings(stack: string, passphrase: string, directories: readonly string[]): Promise<string | undefined> {
  for (const directory of directories) if (await isForeign(stack, passphrase, directory)) return join(directory, `Pulumi.${stack}.yaml`);
  return undefined;
}

async function isForeign(stack: string, passphrase: string, directory: string): Promise<boolean> {
  const path = join(directory, `Pulumi.${stack}.yaml`);
  const settings = settingsIn((await readTextIfExists(path, { follow: true })) ?? "{}");
  const salt: unknown = typeof settings === "object" && settings !== null && "encryptionsalt" in settings ? settings.encryptionsalt : undefined;
  return typeof salt === "string" && !opens(salt, passphrase);
}

/** A file that is no YAML is for Pulumi to refuse. */
function settingsIn(text: string): unknown {
  try {
    // The library would print its warnings itself, with what it quotes of the text.
    return parse(text, { logLevel: "error" }) as unknown;
  } catch {
    return undefined;
  }
}

/** `v1:SALT:v1:NONCE:SEALED`, the last being the word "pulumi" under AES-256-GCM with the passphrase's PBKDF2 key: pulumi/pkg/secrets/passphrase. */
function opens(text: string, passphrase: string): boolean {
  const [version, salt, , nonce, sealed] = text.split(":");
  if (version !== "v1" || salt === undefined || nonce === undefined || sealed === undefined) return false;
  const key = pbkdf2Sync(passphrase, Buffer.from(salt, "base64"), 1_000_000, 32, "sha256");
  const bytes = Buffer.from(sealed, "base64");
  const tag = bytes.subarray(-16);
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64")).setAuthTag(tag);
    return decipher.update(bytes.subarray(0, -16), undefined, "utf8") + decipher.final("utf8") === "pulumi";
  } catch {
    return false;
  }
}
