import { readFile } from "node:fs/promises";

const HOST_SOURCES = "/etc/apt/sources.list.d/debian.sources";
const PUBLIC_SOURCES = "deb http://deb.debian.org/debian bookworm main\ndeb http://deb.debian.org/debian-security bookworm-security main\n";

/** Where the build takes Debian packages from: the host's own sources if it is a bookworm, since they may be a mirror; else Debian's. */
export async function debianSources(): Promise<string> {
  try {
    const text = await readFile(HOST_SOURCES, "utf8");
    return /^Suites:.*\bbookworm\b/m.test(text) ? text : PUBLIC_SOURCES;
  } catch {
    return PUBLIC_SOURCES;
  }
}

/** What the finished image has, wherever it was built. */
export const IMAGE_SOURCES = PUBLIC_SOURCES;
