import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cacheFolder } from "../../../src/util/index.ts";

it.each([
  { HOME: "/home/u" },
  { HOME: "/home/u", XDG_CACHE_HOME: "/x y" },
  { HOME: "/home/u", XDG_CACHE_HOME: "relative" },
  { HOME: "/home/u", XDG_CACHE_HOME: "" },
])("a shell script finds the cache where the program does: %j", (env) => {
  const found = execFileSync("sh", ["-euc", '. bin/cache-folder; printf %s "$cache"'], { env: { PATH: "/usr/bin:/bin", ...env }, encoding: "utf8" });
  expect(found).toBe(cacheFolder(env));
});

it("no other script looks for the cache", () => {
  const scripts = ["bin", "bin/plugin"].flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [join(folder, entry.name)] : [])),
  );
  expect(scripts.filter((path) => readFileSync(path, "utf8").includes("XDG_CACHE_HOME"))).toEqual(["bin/cache-folder"]);
});
