import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunOptions } from "../../src/exec/index.ts";
import type { BuildContext } from "./context.ts";
import { debianSources } from "./debian-sources.ts";

const EXCLUDED = ["/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*", "/usr/share/lintian/*"];

/**
 * Installs Debian into a new folder, without documentation. Needs root and mmdebstrap.
 * @param list file of the packages besides the smallest Debian, one a line; lines that begin with # are comments
 * @param env besides what keeps Debian from asking
 * @throws InstallerError EXEC_FAILED
 */
export async function installDebian(
  context: Pick<BuildContext, "run" | "workDir" | "log" | "signal">,
  root: string,
  list: string,
  env: NonNullable<RunOptions["env"]> = {},
): Promise<void> {
  const text = await debianSources();
  const sources = join(context.workDir, text.startsWith("deb ") ? "debian.list" : "debian.sources");
  await writeFile(sources, text);
  const packages = (await readFile(list, "utf8")).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  context.log(`installing ${packages.length} Debian packages and what they need`);
  await context.run(
    "mmdebstrap",
    [
      ...["--mode=root", "--variant=minbase", `--include=${packages.join(",")}`],
      ...["--aptopt=Apt::Install-Recommends false", "--aptopt=Acquire::Check-Valid-Until false", "--aptopt=Acquire::Languages none"],
      ...EXCLUDED.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
      ...["bookworm", root, sources],
    ],
    { env: { DEBIAN_FRONTEND: "noninteractive", ...env }, signal: context.signal, timeoutMs: 1_200_000, onLine: (line) => context.log(line) },
  );
}
