import { aptInstall } from "../../setup/apt.ts";
import type { Part } from "../../setup/part.ts";
import { findProgram } from "../../setup/programs.ts";

const PACKAGES = ["gcc", "libc6-dev", "pkg-config"];

/** Compiles what of KubeVirt calls C. */
export const cCompiler: Part = {
  kind: "host",
  id: "c-compiler",
  version: "any",
  needs: [],
  locate: async ({ env }) => {
    const [gcc, pkgConfig] = await Promise.all(["gcc", "pkg-config"].map((name) => findProgram(name, env)));
    return gcc === undefined || pkgConfig === undefined ? undefined : { version: "gcc", path: gcc, programs: {} };
  },
  install: async (context) => await aptInstall(context, PACKAGES),
};
