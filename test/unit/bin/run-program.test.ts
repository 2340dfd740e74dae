import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

describe("run-program", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "run-program-"));
    mkdirSync(join(root, "bin"));
    mkdirSync(join(root, "src"));
    for (const file of ["run-program", "cache-folder"]) copyFileSync(join("bin", file), join(root, "bin", file));
    writeFileSync(join(root, "program.ts"), "const words: readonly string[] = process.argv.slice(2);\nconsole.log(words.join('|'));\n");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const start = (env: Record<string, string>): { stdout: string; stderr: string; status: number | null } =>
    spawnSync(join(root, "bin/run-program"), ["the-name", "program.ts", "a b", ""], { encoding: "utf8", env: { PATH: "/usr/bin:/bin", ...env } });
  const installNode = (): void => {
    mkdirSync(join(root, "node_modules/.bin"), { recursive: true });
    symlinkSync(resolve("node_modules/.bin/node"), join(root, "node_modules/.bin/node"));
  };

  it("runs the file with the checkout's own Node, and keeps what Node made of it in the user's cache", () => {
    installNode();
    expect(start({ HOME: root }).stdout).toBe("a b|\n");
    expect(readdirSync(join(root, ".cache/virt-ipi/node"))).toHaveLength(1);
    start({ HOME: root, XDG_CACHE_HOME: join(root, "xdg") });
    expect(readdirSync(join(root, "xdg/virt-ipi/node"))).toHaveLength(1);
  });

  it("runs it without a home, and where the cache cannot be written", () => {
    installNode();
    expect(start({}).stdout).toBe("a b|\n");
    expect(start({ HOME: "/proc" })).toMatchObject({ stdout: "a b|\n", stderr: "" });
  });

  it("tells the program of nohup, which Node forgets", () => {
    installNode();
    writeFileSync(join(root, "program.ts"), "console.log(process.env['VIRT_IPI_NOHUP'] ?? 'no');\n");
    const program = join(root, "bin/run-program");
    const said = (script: string): string =>
      spawnSync("sh", ["-c", script, "sh", program, "the-name", "program.ts"], { encoding: "utf8", env: { PATH: "/usr/bin:/bin" } }).stdout;
    expect(said('exec "$@"')).toBe("no\n");
    expect(said('trap "" HUP; exec "$@"')).toBe("1\n");
  });

  it("keeps to the cache that the user has chosen", () => {
    installNode();
    start({ HOME: root, NODE_COMPILE_CACHE: join(root, "chosen") });
    expect(readdirSync(root)).toContain("chosen");
    expect(readdirSync(root)).not.toContain(".cache");
  });

  it("says what is missing where no Node runs TypeScript", () => {
    mkdirSync(join(root, "old"));
    writeFileSync(join(root, "old/node"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const tried = (): object => start({ PATH: `${join(root, "old")}:/usr/bin:/bin` });
    expect(tried()).toMatchObject({ status: 1, stderr: "the-name needs Node 22.18 or newer\n" });
    writeFileSync(join(root, "package-lock.json"), "{}");
    expect(tried()).toMatchObject({ status: 1, stderr: `the-name needs Node 22.18 or newer: run npm ci in ${root}\n` });
  });

  it("runs what was built where the source is not installed, and where it is asked to", () => {
    installNode();
    mkdirSync(join(root, "dist"));
    writeFileSync(join(root, "package.json"), '{"type":"module"}');
    writeFileSync(join(root, "dist/the-name.js"), "console.log(`built ${process.argv.slice(2).join('|')}`);\n");
    expect(start({ HOME: root }).stdout).toBe("a b|\n");
    expect(start({ HOME: root, VIRT_IPI_BUILT: "1" }).stdout).toBe("built a b|\n");
    rmSync(join(root, "src"), { recursive: true });
    expect(start({ HOME: root }).stdout).toBe("built a b|\n");
  });

  it("asks for the Node that package.json asks for", () => {
    const { engines } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly engines: { readonly node: string } };
    expect(`>=${/needs Node (\S+) or newer/.exec(readFileSync("bin/run-program", "utf8"))?.[1]}`).toBe(engines.node);
  });
});
