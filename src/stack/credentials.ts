import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CredentialSource } from "../config/index.ts";
import type { Environment } from "../util/index.ts";

// A password, not a data file: larger ones are a mistake.
const LARGEST = 65_536;

/** Looks credentials up in an environment and in files; relative paths begin at the cluster folder. */
export function credentialSource(folder: string, env: Environment): CredentialSource {
  return { env: (name) => env[name], file: (path) => readSecretFile(resolve(folder, path)) };
}

function readSecretFile(path: string): ReturnType<CredentialSource["file"]> {
  let file: number | undefined;
  try {
    // Without waiting for whoever might write into a pipe.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (!stat.isFile()) return { problem: "is not a file" };
    const { size } = stat;
    return size > LARGEST ? { problem: `has ${size} bytes; a credential has at most ${LARGEST}` } : decoded(readFileSync(file));
  } catch (error) {
    return { problem: `cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"})` };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function decoded(bytes: Uint8Array): ReturnType<CredentialSource["file"]> {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { problem: "is not UTF-8 text; save it as UTF-8" };
  }
}
