import { startProviderServer } from "../pulumi/server/index.ts";
import { systemEnvironment } from "../util/index.ts";
import { checkConfig, RESOURCES } from "./registry.ts";

/** The engine starts this with its address as the last argument, reads the port from our first line, and closes our standard input when it goes. */
const engineAddress = process.argv.slice(2).findLast((argument) => !argument.startsWith("-"));
const server = await startProviderServer({ resources: RESOURCES, checkConfig, engineAddress, env: systemEnvironment() });
process.stdout.write(`${server.port}\n`);

// A terminal's Ctrl-C does not come here (the engine puts us into a process group of our own): Cancel does. SIGINT is how the engine ends us.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => leave());
// The engine was killed: stop what runs, so that partly created things are removed, then go.
process.stdin.on("end", () => leave()).on("error", () => leave());
process.stdin.resume();

const GRACE_MS = 4_000;

function leave(): void {
  server.cancel();
  server.drain().then(
    () => process.exit(0),
    () => process.exit(1),
  );
  setTimeout(() => process.exit(0), GRACE_MS).unref();
}
