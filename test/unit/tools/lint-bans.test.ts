import { ESLint } from "eslint";
import { resolve } from "node:path";
import tseslint from "typescript-eslint";
import { describe, expect, it } from "vitest";

// The snippets are no files, so the rules that need types are left out; the house bans need none.
const eslint = new ESLint({ cwd: resolve(import.meta.dirname, "../../.."), overrideConfig: [tseslint.configs.disableTypeChecked] });

async function rulesBroken(filePath: string, code: string): Promise<readonly (string | null)[]> {
  const results = await eslint.lintText(code, { filePath });
  expect(results.flatMap((result) => result.messages.filter((message) => message.fatal === true))).toEqual([]);
  return results.flatMap((result) => result.messages.map((message) => message.ruleId));
}

describe("house bans", () => {
  it.each([
    ["src/kube/x.ts", 'import { execa } from "execa";\nawait execa("ls");', "no-restricted-imports"],
    ["src/providers/kvm/x.ts", 'import { spawn } from "node:child_process";\nspawn("ls");', "no-restricted-imports"],
    ["src/exec/x.ts", 'import { $ } from "zx";\nawait $`ls`;', "no-restricted-imports"],
    ["src/config/rules.ts", 'import { readFile } from "node:fs/promises";\nawait readFile("x");', "no-restricted-imports"],
    ["src/installer/x.ts", 'console.log("hello");', "no-restricted-syntax"],
    ["src/installer/x.ts", 'process.stdout.write("hello");', "no-restricted-syntax"],
    ["src/installer/x.ts", "process.exit(1);", "no-restricted-syntax"],
    ["src/assets/x.ts", "export const now = Date.now();", "no-restricted-syntax"],
    ["src/config/x.ts", "export const now = new Date();", "no-restricted-syntax"],
    ["src/stack/x.ts", "export const id = Math.random();", "no-restricted-syntax"],
    ["src/stack/x.ts", "export const home = process.env.HOME;", "no-restricted-syntax"],
    ["src/cli/x.ts", "export const { env } = process;", "no-restricted-syntax"],
    ["src/config/x.ts", "export const home = process.env['HOME'];", "no-restricted-syntax"],
    ["src/util/x.ts", "export enum Color { red }", "no-restricted-syntax"],
    ["src/util/x.ts", "export class A { constructor(readonly b: string) {} }", "no-restricted-syntax"],
    ["src/exec/x.ts", 'run("ls", { shell: true });', "no-restricted-syntax"],
    ["test/contract/x.test.ts", "await expect.poll(read).toBe(1);", "no-restricted-syntax"],
    ["test/unit/x.test.ts", "await expect.poll(read, { interval: 50 }).toBe(1);", "no-restricted-syntax"],
    ["test/integration/x.test.ts", "await vi.waitFor(read);", "no-restricted-syntax"],
    ["test/nightly/x.test.ts", "await vi.waitFor(read, { interval: 50 });", "no-restricted-syntax"],
    ["test/helpers/x.ts", "await delay(1_000);", "no-restricted-syntax"],
    ["test/e2e/x.test.ts", "await new Promise((done) => setTimeout(done, 3_000));", "no-restricted-syntax"],
  ])("%s: %s", async (path, code, rule) => {
    expect(await rulesBroken(path, code)).toContain(rule);
  });

  it.each([
    ["src/exec/x.ts", 'import { execa } from "execa";\nawait execa("ls");'],
    ["src/cli/x.ts", 'console.log("hello");\nprocess.exitCode = 1;'],
    ["src/config/load/x.ts", 'import { readFile } from "node:fs/promises";\nawait readFile("x");'],
    ["src/config/x.ts", "export const parse = (text: string): Date => new Date(text);"],
    ["test/unit/x.test.ts", "await expect.poll(read, { timeout: 60_000 }).toBe(1);\nawait vi.waitFor(read, { timeout: MINUTE, interval: 50 });"],
    ["test/helpers/x.ts", "await delay(200);\nawait quiet(3_000);\nsetTimeout(() => end(), 3_000);\nawait delay(limit, undefined, { signal });"],
    ["tools/x.ts", 'import { $ } from "zx";\nawait $`ls`;\nconsole.log("done");'],
  ])("%s may: %s", async (path, code) => {
    expect(await rulesBroken(path, code)).toEqual([]);
  });
});
