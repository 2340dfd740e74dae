import { debianPrograms } from "./debian-programs.ts";

/** Compiles what of KubeVirt calls C. */
export const cCompiler = debianPrograms({
  id: "c-compiler",
  version: "any",
  programs: [["gcc"], ["pkg-config"]],
  packages: ["gcc", "libc6-dev", "pkg-config"],
});
