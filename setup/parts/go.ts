import { readdir } from "node:fs/promises";
import { delimiter } from "node:path";
import { InstallerError } from "../../src/errors/index.ts";
import { aptCandidate, aptInstall } from "../apt.ts";
import type { Part, PartContext } from "../part.ts";
import { findProgram } from "../programs.ts";

/** What the go.mod files of tools/go ask for. */
const MINIMUM = [1, 24] as const;

/** Go itself; only building needs it. */
export const go: Part = {
  kind: "host",
  id: "go",
  version: `>= ${MINIMUM.join(".")}`,
  needs: [],
  locate: async (context) => {
    for (const env of await searchPaths(context.env)) {
      const path = await findProgram("go", env);
      if (path === undefined) continue;
      const { stdout } = await context.run(path, ["env", "GOVERSION"], { signal: context.signal, env: { GOTOOLCHAIN: "local" } });
      const version = stdout.trim();
      if (goSatisfies(version)) return { version, path, programs: { go: path } };
    }
    return undefined;
  },
  install: async (context) => {
    for (const name of ["golang-go", "golang-1.24-go", "golang-1.25-go"]) {
      const candidate = await aptCandidate(context, name);
      if (candidate !== undefined && goSatisfies(candidate.replace(/^\d+:/, ""))) {
        await aptInstall(context, [name]);
        return;
      }
    }
    throw new InstallerError("SETUP_PACKAGES_MISSING", `Go ${MINIMUM.join(".")} or newer is not installed, and the distribution offers none`, {
      value: "go",
      advice: "Install Go from https://go.dev/dl and have `go` on PATH, then run `virt-ipi setup` again.",
    });
  },
};

/** True for `go1.24`, `1.26.8` and newer. */
export function goSatisfies(version: string): boolean {
  const [, major, minor] = /^(?:go|2:)?(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > MINIMUM[0] || (Number(major) === MINIMUM[0] && Number(minor) >= MINIMUM[1]);
}

/** PATH, then where the official archive and the distribution's versioned packages put Go. */
async function searchPaths(env: PartContext["env"]): Promise<PartContext["env"][]> {
  const versioned = (await readdir("/usr/lib").catch(() => [])).filter((name) => /^go-1\.\d+$/.test(name)).map((name) => `/usr/lib/${name}/bin`);
  return [...(env["PATH"] ?? "").split(delimiter), "/usr/local/go/bin", ...versioned].map((folder) => ({ PATH: folder }));
}
