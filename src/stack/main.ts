import * as pulumi from "@pulumi/pulumi";
import { isInstallerError, messageOf } from "../errors/index.ts";
import { oneLine, quotedLines, systemClock, systemEntropy, systemEnvironment } from "../util/index.ts";
import { clusterFolder } from "./cluster-folder.ts";
import { ownBackend, recordStack } from "./environment.ts";
import { bootstrapIsComplete, prepareCluster } from "./prepare.ts";
import { clusterProgram, imageOf, type ProgramOutputs } from "./program.ts";

/**
 * The entry of plain `pulumi up`: the cluster folder is VIRT_IPI_DIR, else where `pulumi` was called. The assets are made in
 * previews too, as the update that follows is of the same cluster.
 */
export default async function main(): Promise<ProgramOutputs> {
  try {
    return await declare();
  } catch (error) {
    // Pulumi prints a stack for everything but its own RunError.
    if (isInstallerError(error))
      throw new pulumi.RunError([`${error.id}: ${messageOf(error)}`, ...error.details, error.advice].map(quotedLines).join("\n"));
    throw error;
  }
}

async function declare(): Promise<ProgramOutputs> {
  const env = systemEnvironment();
  const folder = clusterFolder(env["VIRT_IPI_DIR"] ?? env["INIT_CWD"] ?? process.cwd());
  const cluster = await prepareCluster({
    folder,
    env,
    clock: systemClock,
    entropy: systemEntropy,
    onWarning: (warning) => void pulumi.log.warn(oneLine(warning)),
  });
  for (const note of cluster.notes) void pulumi.log.info(oneLine(note));
  const image = await imageOf(cluster, { env, onProgress: (reason) => void pulumi.log.info(reason, undefined, undefined, true) });
  const bootstrap = !(await bootstrapIsComplete(folder));
  if (!pulumi.runtime.isDryRun()) {
    const backend = env["PULUMI_BACKEND_URL"];
    // So that the CLI finds the state that plain pulumi has made, and the other way round.
    await recordStack(folder, {
      stack: pulumi.getStack(),
      ...(backend === undefined ? {} : { backend: backend === "" ? ownBackend(folder) : backend }),
    });
  }
  return await clusterProgram({
    cluster,
    env,
    mode: env["VIRT_IPI_MODE"] === "infra" ? "infra" : "full",
    image,
    bootstrap,
    announceBootstrap: !pulumi.runtime.isDryRun(),
  });
}
