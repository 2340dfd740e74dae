import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS, GLOBALS } from "../../../src/cli/commands.ts";
import { completionScript, SHELLS } from "../../../src/cli/completion-script.ts";
import { errorText, reportOf } from "../../../src/cli/render/error.ts";
import { parseTimeout } from "../../../src/cli/invocation.ts";
import { nearest } from "../../../src/cli/suggest.ts";
import { EXIT, InstallerError } from "../../../src/errors/index.ts";
import { LONGEST_TIMER_MS } from "../../../src/util/index.ts";

describe("commands", () => {
  it.each(COMMANDS.map(({ path }) => path))("%s is the file of its path", (path) => {
    expect(existsSync(resolve(import.meta.dirname, "../../../src/cli", `${path.replace(" ", "/")}.ts`))).toBe(true);
  });

  it.each(SHELLS)("are all in the completion for %s", (shell) => {
    const script = completionScript(shell, { commands: COMMANDS, globals: GLOBALS });
    for (const { path } of COMMANDS) for (const word of path.split(" ")) expect(script).toContain(word);
    expect(script).toContain("log-level");
  });
});

describe("parseTimeout", () => {
  it.each([
    ["bootstrap=60m", "bootstrap", 3_600_000],
    ["install=1h30m", "install", 5_400_000],
    ["infrastructure=90s", "infrastructure", 90_000],
    ["bootstrap=0.5h", "bootstrap", 1_800_000],
  ])("%s", (text, limit, ms) => {
    expect(parseTimeout(text)).toEqual([limit, ms]);
  });

  it.each(["bootstrap", "bootstrap=", "bootstrap=60", "bootstrap=-5m", "bootstrap=5m5", "boot=5m", "install=0s", "install=5d"])(
    "refuses %s",
    (text) => {
      expect(() => parseTimeout(text)).toThrow(expect.objectContaining({ id: "USAGE", value: text }) as Error);
    },
  );

  it.each(["infrastructure", "bootstrap", "install", "operators"])("takes no limit of %s that a timer cannot hold", (limit) => {
    const [, longest] = parseTimeout(`${limit}=596h`);
    expect(longest).toBeLessThanOrEqual(LONGEST_TIMER_MS);
    for (const time of ["597h", "600h", "35792m", "2147484s", "999999h999999h"])
      expect(() => parseTimeout(`${limit}=${time}`)).toThrow(expect.objectContaining({ id: "USAGE", advice: "Give at most 596h." }) as Error);
  });
});

describe("errors", () => {
  it.each(COMMANDS.map((command) => [command.path, command] as const))("advises after an interrupted %s what continues it", (path, command) => {
    const { advice } = reportOf(new InstallerError("INTERRUPTED", "the run was interrupted by SIGINT"), command);
    const isInstallation = ["create infra", "create cluster", "resume"].includes(path);
    expect(advice).toBe(
      isInstallation ? "Run `virt-ipi resume` to continue, or `virt-ipi destroy cluster` to remove what exists." : `Run \`virt-ipi ${path}\` again.`,
    );
    expect(reportOf(new InstallerError("INTERRUPTED", "stopped", { advice: "Wait." }), command).advice).toBe("Wait.");
  });

  it("say what failed, the value, details, and what to do next", () => {
    const error = new InstallerError("NAME_TAKEN", "a domain is there already", { value: "c-master-0", details: ["seen on qemu:///system"] });
    expect(errorText(reportOf(error)).split("\n")).toEqual([
      "Error NAME_TAKEN: a domain is there already",
      "  value: c-master-0",
      "  seen on qemu:///system",
      expect.stringMatching(/^ {2}next: ./),
      "  see: virt-ipi explain NAME_TAKEN",
    ]);
    expect(reportOf(error).exitCode).toBe(EXIT.infrastructure);
  });

  it("that are not ours are INTERNAL, without a stack", () => {
    const report = reportOf(new TypeError("x is not a function"));
    expect(report).toMatchObject({ id: "INTERNAL", exitCode: 1, message: "x is not a function" });
    expect(errorText(report)).not.toContain("    at ");
  });
});

it("suggests what is near, and nothing far-fetched", () => {
  expect(nearest("destory", ["destroy", "create"])).toBe("destroy");
  expect(nearest("frobnicate", ["destroy", "create"])).toBeUndefined();
  expect(nearest("x", [])).toBeUndefined();
});
