import { startLanguageHost } from "./server.ts";

/**
 * Pulumi's engine starts this as `pulumi-language-nodejs [--logtostderr] [-v=N] [--tracing=URL] ENGINE_ADDRESS`, reads the port
 * from our first line, and shows whatever else we print as output of the program.
 */
const args = process.argv.slice(2);
const engineAddress = args.findLast((argument) => !argument.startsWith("-"));
const tracing = valueOf("tracing");
if (engineAddress === undefined) {
  process.stderr.write("usage: pulumi-language-nodejs [--tracing URL] ENGINE_ADDRESS\n");
  process.exit(2);
}

const host = await startLanguageHost({
  engineAddress,
  tracing,
  onLine: (line, stream) => {
    (stream === "stdout" ? process.stdout : process.stderr).write(`${line}\n`);
  },
});
process.stdout.write(`${host.port}\n`);

// Both end the host at once; a program that does not heed SIGTERM is killed by `run` after its grace.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, leave);
// The engine holds the other end of our standard input: its end means that the engine is gone, however it went.
process.stdin.on("end", leave).on("error", leave);
process.stdin.resume();

function leave(): void {
  void host.close().then(() => process.exit(0));
}

function valueOf(flag: string): string | undefined {
  const at = args.findIndex((argument) => argument === `--${flag}` || argument === `-${flag}`);
  return at >= 0 ? args[at + 1] : args.find((argument) => argument.startsWith(`--${flag}=`))?.slice(flag.length + 3);
}
