import type { Runner } from "../../exec/index.ts";

/** Whether an address answers within a second. The limit is that of the program, which a busy host is slow to start. @throws the signal's reason */
export async function answersPing(address: string, run: Runner, signal: AbortSignal): Promise<boolean> {
  const { exitCode } = await run("ping", ["-c", "1", "-W", "1", "-n", address], { signal, accept: [1, 2], timeoutMs: 60_000 });
  return exitCode === 0;
}
