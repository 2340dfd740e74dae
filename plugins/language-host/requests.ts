import { z } from "zod";
import type { ProgramRequest } from "./program.ts";
import type { messages } from "./stubs.ts";

type ProgramInfo = InstanceType<typeof messages.ProgramInfo>;

const OptionsSchema = z.record(z.string(), z.unknown());

/** The folder of the program that a request speaks of. */
export function programDirectoryOf(info: ProgramInfo | undefined): string {
  return info?.getProgramDirectory() ?? process.cwd();
}

/** The engine's RunRequest in our words. */
export function programRequest(
  request: InstanceType<typeof messages.RunRequest>,
  engineAddress: string,
  tracing: string | undefined,
): ProgramRequest {
  const info = request.getInfo();
  const programDirectory = info?.getProgramDirectory() ?? request.getPwd();
  return {
    project: request.getProject(),
    stack: request.getStack(),
    organization: request.getOrganization(),
    rootDirectory: info?.getRootDirectory() ?? programDirectory,
    programDirectory,
    entryPoint: info?.getEntryPoint() ?? request.getProgram(),
    workingDirectory: request.getPwd(),
    arguments: request.getArgsList(),
    monitorAddress: request.getMonitorAddress(),
    engineAddress,
    dryRun: request.getDryrun(),
    parallel: request.getParallel(),
    config: Object.fromEntries(request.getConfigMap().getEntryList()),
    configSecretKeys: request.getConfigsecretkeysList(),
    options: OptionsSchema.parse(info?.getOptions()?.toJavaScript() ?? {}),
    tracing,
  };
}
