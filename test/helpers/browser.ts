import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setUp } from "../../setup/driver.ts";
import { cacheFolder, ROOT } from "../../setup/paths.ts";
import { ALL_PARTS } from "../../tools/parts/index.ts";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** A page in a real browser that has no network at all. */
export interface Page {
  /** A command of the DevTools protocol. Source: chromedevtools.github.io/devtools-protocol */
  send(method: string, params?: object): Promise<Readonly<Record<string, unknown>>>;
  /** The value of an expression in the page, as JSON has it. */
  value<T>(expression: string): Promise<T>;
  /** Events so far, by method. */
  events(method: string): readonly Readonly<Record<string, unknown>>[];
  close(): Promise<void>;
}

/** Opens a file of this host in a browser, which the set-up brings where there is none. */
export async function openInBrowser(file: string): Promise<Page> {
  const [row] = await setUp({
    parts: ALL_PARTS,
    root: ROOT,
    cacheDir: cacheFolder(),
    only: ["browser"],
    log: (line) => process.stderr.write(`${line}\n`),
  });
  const profile = await mkdtemp(join(tmpdir(), "virt-ipi-browser-"));
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe", `--user-data-dir=${profile}`];
  // In a network namespace of its own: whatever it wants from outside, it does not get.
  const child = spawn("unshare", ["--net", row?.path ?? "", ...args, "about:blank"], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const exit = once(child, "exit");
  const [, , , commands, answers] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const seen: Message[] = [];
  const waiting = new Map<number, (message: Message) => void>();
  let rest = "";
  answers.on("data", (data: Buffer) => {
    const parts = (rest + data.toString()).split("\0");
    rest = parts.pop() ?? "";
    for (const message of parts.map((part) => JSON.parse(part) as Message)) {
      if (message.id === undefined) seen.push(message);
      else waiting.get(message.id)?.(message);
    }
  });
  let last = 0;
  const call = async (method: string, params: object = {}, sessionId?: string): Promise<Readonly<Record<string, unknown>>> => {
    const id = ++last;
    const answer = new Promise<Message>((done) => waiting.set(id, done));
    commands.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
    const { result = {}, error } = await Promise.race([answer, exit.then(() => ({ result: {}, error: { message: "the browser ended" } }))]);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  const { targetId } = await call("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true });
  const send: Page["send"] = (method, params) => call(method, params, String(sessionId));
  for (const domain of ["Page", "Network", "Log", "Runtime", "Audits"]) await send(`${domain}.enable`);
  await send("Page.navigate", { url: `file://${file}` });
  const value = async <T>(expression: string): Promise<T> => {
    const { result } = await send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
    return (result as { value: T }).value;
  };
  await value("new Promise((done) => (document.readyState === 'complete' ? done(0) : addEventListener('load', () => done(0))))");
  return {
    send,
    value,
    events: (method) => seen.flatMap((message) => (message.method === method ? [message.params ?? {}] : [])),
    close: async () => {
      child.kill("SIGKILL");
      await exit;
      await rm(profile, { recursive: true, force: true });
    },
  };
}
