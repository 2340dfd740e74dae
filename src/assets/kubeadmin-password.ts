import { encodeBase64, hash } from "bcryptjs";
import type { Entropy } from "../util/index.ts";

/** No l, O, 0 and 1, which are easily taken for each other. Source: openshift/installer, by description. */
const ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHIJKLMNPQRSTUVWXYZ23456789";
const LENGTH = 23;
const DASHES = new Set([5, 11, 17]);
const BCRYPT_COST = 10;
const SALT_BYTES = 16;

/** A password and its bcrypt hash, from the entropy alone. Both secret: the hash can be attacked offline. */
export async function makeKubeadminPassword(entropy: Entropy): Promise<{ readonly password: string; readonly hash: string }> {
  const password = drawPassword(entropy);
  const salt = `$2b$${BCRYPT_COST}$${encodeBase64([...entropy(SALT_BYTES)], SALT_BYTES)}`;
  return { password, hash: await hash(password, salt) };
}

function drawPassword(entropy: Entropy): string {
  // Bytes above the last whole multiple of the alphabet are drawn again, so that all characters are equally likely.
  const limit = 256 - (256 % ALPHABET.length);
  let password = "";
  while (password.length < LENGTH) {
    for (const byte of entropy(LENGTH)) {
      if (DASHES.has(password.length)) password += "-";
      if (byte < limit && password.length < LENGTH) password += ALPHABET[byte % ALPHABET.length];
    }
  }
  return password;
}
