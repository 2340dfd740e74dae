import type { AnyResource } from "../../src/pulumi/index.ts";
import { startProviderServer } from "../../src/pulumi/server/index.ts";

/** What the engine expects of a plugin's process: our port on standard output, and an end when it says so or goes. @param resources by type token */
export async function servePlugin(resources: ReadonlyMap<string, AnyResource>): Promise<void> {
  const server = await startProviderServer({ resources, engineAddress: process.argv.at(-1), env: process.env });
  process.stdout.write(`${server.port}\n`);
  const leave = (): void => {
    server.cancel();
    void server.drain().then(() => process.exit(0));
  };
  process.on("SIGINT", leave).on("SIGTERM", leave);
  process.stdin.on("end", leave).resume();
}
