import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../../../setup/paths.ts";

/**
 * Programs that are built one after the other from the same versions of the same modules: Go compiles what they share once, which is most of it.
 * Who upgrades one upgrades all: `go get` in each folder with the versions that the message shows, then `go mod tidy`.
 */
const GROUPS = [
  ["plugins/machine-api", "tools/go/olm", "setup/go/coredns", "tools/control-plane-machine-set"],
  ["setup/go/kubernetes", "setup/go/etcd"],
  ["plugins/kubernetes", "tools/go/kubevirt"],
  ["plugins/kubernetes", "tools/go/kwok"],
];

/** What a program has in a version of its own: an operator asks for a feature gate that newer definitions are without, kwok for newer ones of a few. */
const OWN: Readonly<Record<string, RegExp>> = {
  "tools/control-plane-machine-set": /^github\.com\/openshift\/(?:api|client-go|library-go)$/,
  "tools/go/kwok": /^github\.com\/(?:emicklei\/go-restful\/v3|google\/cel-go|prometheus\/client_model)$/,
};

it.each(GROUPS.map((folders) => ({ folders })))("gives modules that $folders need the same version in each", async ({ folders }) => {
  const versions = new Map<string, Map<string, string[]>>();
  for (const folder of folders)
    for (const [, module = "", version = ""] of (await readFile(join(ROOT, folder, "go.mod"), "utf8"))
      .replaceAll(/^exclude \([^)]*\)/gm, "")
      .matchAll(/^(?:require|\t)\s*(\S+) (v\S+)(?: \/\/ indirect)?$/gm)) {
      if (OWN[folder]?.test(module) === true) continue;
      const of = versions.get(module) ?? new Map<string, string[]>();
      of.set(version, [...(of.get(version) ?? []), folder]);
      versions.set(module, of);
    }
  expect(versions.size).toBeGreaterThan(100);
  expect([...versions].filter(([, of]) => of.size > 1).map(([module, of]) => [module, Object.fromEntries(of)])).toEqual([]);
});
