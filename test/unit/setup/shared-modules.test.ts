import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../../../setup/paths.ts";

/**
 * Programs that are built one after the other from the same versions of the same modules: Go compiles what they share once, which is most of it.
 * Who upgrades one upgrades all: `go get` in each folder with the versions that the message shows, then `go mod tidy`.
 */
const GROUPS = [
  ["plugins/machine-api", "tools/go/olm", "setup/go/coredns"],
  ["setup/go/kubernetes", "setup/go/etcd"],
];

it.each(GROUPS.map((folders) => ({ folders })))("gives modules that $folders need the same version in each", async ({ folders }) => {
  const versions = new Map<string, Map<string, string[]>>();
  for (const folder of folders)
    for (const [, module = "", version = ""] of (await readFile(join(ROOT, folder, "go.mod"), "utf8")).matchAll(
      /^(?:require|\t)\s*(\S+) (v\S+)(?: \/\/ indirect)?$/gm,
    )) {
      const of = versions.get(module) ?? new Map<string, string[]>();
      of.set(version, [...(of.get(version) ?? []), folder]);
      versions.set(module, of);
    }
  expect(versions.size).toBeGreaterThan(100);
  expect([...versions].filter(([, of]) => of.size > 1).map(([module, of]) => [module, Object.fromEntries(of)])).toEqual([]);
});
