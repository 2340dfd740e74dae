import { createRequire } from "node:module";
import { join } from "node:path";
import { InstallerError } from "../../src/errors/index.ts";

/** What the engine asks to run. */
export interface ProgramRequest {
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  readonly rootDirectory: string;
  readonly programDirectory: string;
  /** `.`, or a file relative to the program's folder. */
  readonly entryPoint: string;
  readonly workingDirectory: string;
  readonly arguments: readonly string[];
  readonly monitorAddress: string;
  readonly engineAddress: string;
  readonly dryRun: boolean;
  /** How many resource operations may run at a time; 0 leaves it to the SDK. */
  readonly parallel: number;
  readonly config: Readonly<Record<string, string>>;
  readonly configSecretKeys: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly tracing: string | undefined;
}

export interface ProgramCommand {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/**
 * The arguments and environment with which Node runs a Pulumi program. Config goes by the environment, since it may hold secrets.
 * Options of Pulumi.yaml: `nodeargs`, and `typescript: true` for the SDK's ts-node; else Node runs TypeScript itself.
 * @throws InstallerError CONFIG_INVALID if the program's folder has no @pulumi/pulumi
 */
export function programCommand(request: ProgramRequest): ProgramCommand {
  const flags: readonly (readonly [string, string | undefined])[] = [
    ["monitor", request.monitorAddress],
    ["engine", request.engineAddress],
    ["organization", request.organization],
    ["project", request.project],
    ["root-directory", request.rootDirectory],
    ["stack", request.stack],
    ["pwd", request.workingDirectory],
    ["parallel", request.parallel > 0 ? String(request.parallel) : undefined],
    ["tracing", request.tracing],
  ];
  return {
    args: [
      ...nodeArguments(request.options["nodeargs"]),
      runnerOf(request.programDirectory),
      ...flags.flatMap(([name, value]) => (value === undefined || value === "" ? [] : [`--${name}=${value}`])),
      ...(request.dryRun ? ["--dry-run"] : []),
      request.entryPoint,
      ...request.arguments,
    ],
    env: {
      PULUMI_CONFIG: JSON.stringify(request.config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.configSecretKeys),
      PULUMI_NODEJS_TYPESCRIPT: String(request.options["typescript"] === true),
    },
    cwd: request.workingDirectory,
  };
}

function nodeArguments(option: unknown): string[] {
  return typeof option === "string" ? option.split(/\s+/).filter((word) => word !== "") : [];
}

/** The SDK's own runner, as the program itself would find it. */
function runnerOf(programDirectory: string): string {
  try {
    return createRequire(join(programDirectory, "index.js")).resolve("@pulumi/pulumi/cmd/run");
  } catch (error) {
    throw new InstallerError("CONFIG_INVALID", `@pulumi/pulumi is not installed for the program in ${programDirectory}`, {
      value: programDirectory,
      advice: "Run `npm ci` there.",
      cause: error,
    });
  }
}
