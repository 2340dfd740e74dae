import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InstallerError } from "../../../../src/errors/index.ts";
import { programCommand, type ProgramRequest } from "../../../../plugins/language-host/program.ts";
import { runProgram } from "../../../../plugins/language-host/run-program.ts";
import { ROOT } from "../../../../setup/paths.ts";

const REQUEST: ProgramRequest = {
  project: "tiny",
  stack: "dev",
  organization: "organization",
  rootDirectory: ROOT,
  programDirectory: join(ROOT, "src"),
  entryPoint: ".",
  workingDirectory: join(ROOT, "src"),
  arguments: ["one"],
  monitorAddress: "127.0.0.1:1",
  engineAddress: "127.0.0.1:2",
  dryRun: true,
  parallel: 8,
  config: { "tiny:password": "s3cret" },
  configSecretKeys: ["tiny:password"],
  options: { typescript: false },
  tracing: undefined,
};

describe("the command of a program", () => {
  it("runs the SDK's runner on the program, with what the engine asked for", () => {
    const { args, cwd } = programCommand(REQUEST);
    expect(args).toEqual([
      join(ROOT, "node_modules/@pulumi/pulumi/cmd/run/index.js"),
      "--monitor=127.0.0.1:1",
      "--engine=127.0.0.1:2",
      "--organization=organization",
      "--project=tiny",
      `--root-directory=${ROOT}`,
      "--stack=dev",
      `--pwd=${join(ROOT, "src")}`,
      "--parallel=8",
      "--dry-run",
      ".",
      "one",
    ]);
    expect(cwd).toBe(join(ROOT, "src"));
  });

  it("leaves out what is not set", () => {
    const { args } = programCommand({ ...REQUEST, organization: "", parallel: 0, dryRun: false, arguments: [] });
    expect(args.filter((arg) => /organization|parallel|dry-run|tracing/.test(arg))).toEqual([]);
    expect(args.at(-1)).toBe(".");
  });

  it("never has config among its arguments, where every user of the host can read it", () => {
    const { args, env } = programCommand(REQUEST);
    expect(args.join(" ")).not.toContain("s3cret");
    expect(JSON.parse(env["PULUMI_CONFIG"] ?? "")).toEqual({ "tiny:password": "s3cret" });
    expect(JSON.parse(env["PULUMI_CONFIG_SECRET_KEYS"] ?? "")).toEqual(["tiny:password"]);
  });

  it.each([
    [{}, "false"],
    [{ typescript: false }, "false"],
    [{ typescript: true }, "true"],
  ])("with options %o sets ts-node to %s", (options, value) => {
    expect(programCommand({ ...REQUEST, options }).env["PULUMI_NODEJS_TYPESCRIPT"]).toBe(value);
  });

  it("puts nodeargs before the runner", () => {
    expect(programCommand({ ...REQUEST, options: { nodeargs: " --a  --b=1 " } }).args.slice(0, 2)).toEqual(["--a", "--b=1"]);
  });
});

describe("the outcome of a program", () => {
  const options = { signal: new AbortController().signal, onLine: () => undefined };
  it.each([
    [0, { error: "", bail: false }],
    [32, { error: "", bail: true }],
    [1, { error: "the program ended with exit code 1", bail: false }],
    [255, { error: "the program ended with exit code 255", bail: false }],
  ])("of exit code %d", async (exitCode, outcome) => {
    expect(await runProgram(REQUEST, { ...options, run: () => Promise.resolve({ stdout: "", stderr: "", exitCode }) })).toEqual(outcome);
  });

  it("names the program that has no SDK, and what to do", async () => {
    const outcome = await runProgram({ ...REQUEST, programDirectory: "/" }, { ...options, run: () => Promise.reject(new Error("not run")) });
    expect(outcome).toEqual({ error: "@pulumi/pulumi is not installed for the program in /. Run `npm ci` there.", bail: false });
  });

  it("of an interrupted program is the interruption", async () => {
    const interrupted = new InstallerError("INTERRUPTED", "stop");
    await expect(runProgram(REQUEST, { ...options, signal: AbortSignal.abort(interrupted), run: () => Promise.reject(interrupted) })).rejects.toBe(
      interrupted,
    );
  });
});
