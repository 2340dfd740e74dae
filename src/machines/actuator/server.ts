import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import pLimit, { type LimitFunction } from "p-limit";
import { InstallerError } from "../../errors/index.ts";
import type { Actuator } from "../../providers/index.ts";
import type { Clock } from "../../util/index.ts";
import { answerOf } from "./answer.ts";
import { CallQueue } from "./call-queue.ts";
import { OPERATIONS, pathOf, requestSchema, type ActuatorAnswer, type ActuatorRequest, type Operation } from "./protocol.ts";
import { listenOn } from "./socket.ts";

/** A Machine and a Secret, of which the API takes 1.5 MiB each, and JSON's escapes. */
const LARGEST_REQUEST = 8 * 2 ** 20;
/** Calls that may wait for others; a controller has far fewer workers. */
const LONGEST_QUEUE = 4096;

export interface ActuatorServerOptions {
  readonly actuator: Actuator;
  /** Absolute path of the unix socket, at most 107 bytes. Its folder is made, and must be nobody else's. */
  readonly socketPath: string;
  /** Machines that are created side by side. */
  readonly maxCreates: number;
  readonly clock: Clock;
  /** Called with each call that ended, for logs and metrics: without anything secret. */
  readonly onCall?: (call: EndedCall) => void;
}

export interface EndedCall {
  readonly operation: Operation;
  /** `<namespace>/<name>` */
  readonly machine: string;
  readonly milliseconds: number;
  readonly error?: ActuatorAnswer["error"];
}

export interface ActuatorServer {
  /** Aborted when another process takes the socket over: this one then answers no more calls. */
  readonly lost: AbortSignal;
  /** Takes no more calls, lets those that run end, and cancels them after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Serves an actuator to the machine controller. Two calls for Machines of one name never run side by side.
 * @throws InstallerError ACTUATOR_SOCKET
 */
export async function startActuatorServer(options: ActuatorServerOptions): Promise<ActuatorServer> {
  const calls = new Calls(options);
  const server = createServer((request, response) => void calls.handle(request, response));
  const socket = await listenOn(server, options.socketPath);
  socket.lost.addEventListener("abort", () => calls.refuse());
  return {
    lost: socket.lost,
    stop: async (graceMs) => {
      calls.refuse();
      const closed = new Promise((resolve) => server.close(resolve));
      await calls.end(graceMs);
      server.closeIdleConnections();
      await closed;
      await socket.release();
    },
  };
}

/** What cannot be answered by the protocol: the caller then knows nothing. */
class Unanswered extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

class Calls {
  readonly #options: ActuatorServerOptions;
  readonly #queue = new CallQueue();
  readonly #creates: LimitFunction;
  readonly #cancelled = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #refusing = false;
  #waiting = 0;

  constructor(options: ActuatorServerOptions) {
    this.#options = options;
    this.#creates = pLimit(options.maxCreates);
  }

  refuse(): void {
    this.#refusing = true;
  }

  async end(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#cancelled.abort(new InstallerError("INTERRUPTED", "the actuator stops")), graceMs);
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
    clearTimeout(timer);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const operation = OPERATIONS.find((each) => pathOf(each) === request.url);
      if (operation === undefined) throw new Unanswered(404, "there is no such operation");
      if (request.method !== "POST") throw new Unanswered(405, "an operation is asked for by POST");
      const call = parse(await bodyOf(request));
      const answer = await this.#queued(operation, call, () => response.destroyed);
      reply(response, 200, answer, this.#refusing);
    } catch (error) {
      const status = error instanceof Unanswered ? error.status : 500;
      // What is left of a request that was refused is not read.
      reply(response, status, { message: error instanceof Unanswered ? error.message : "the actuator failed" }, this.#refusing || status === 413);
    }
  }

  async #queued(operation: Operation, call: ActuatorRequest, isGone: () => boolean): Promise<ActuatorAnswer> {
    if (this.#waiting >= LONGEST_QUEUE) throw new Unanswered(503, `${LONGEST_QUEUE} calls wait already`);
    this.#waiting++;
    const { namespace, name } = call.machine.metadata;
    const run = async (): Promise<ActuatorAnswer> => {
      // Nobody would hear the answer, and the call comes again.
      if (this.#refusing || isGone()) throw new Unanswered(503, "the actuator stops");
      const running = this.#run(operation, call);
      this.#running.add(running);
      return await running.finally(() => this.#running.delete(running));
    };
    try {
      return await this.#queue.run(`${namespace}/${name}`, () => (operation === "create" ? this.#creates(run) : run()));
    } finally {
      this.#waiting--;
    }
  }

  async #run(operation: Operation, call: ActuatorRequest): Promise<ActuatorAnswer> {
    const { actuator, clock, onCall } = this.#options;
    const begun = clock.now().getTime();
    const answer = await answerOf(actuator, operation, call, this.#cancelled.signal, () => `${clock.now().toISOString().slice(0, 19)}Z`);
    const { namespace, name } = call.machine.metadata;
    onCall?.({
      operation,
      machine: `${namespace}/${name}`,
      milliseconds: clock.now().getTime() - begun,
      ...(answer.error === undefined ? {} : { error: answer.error }),
    });
    return answer;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > LARGEST_REQUEST) throw new Unanswered(413, `a request has at most ${LARGEST_REQUEST} bytes`);
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** Never quotes the request, which may hold a Secret's text. */
function parse(body: string): ActuatorRequest {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Unanswered(400, "the request is not JSON");
  }
  const parsed = requestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Unanswered(400, parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; "));
}

function reply(response: ServerResponse, status: number, body: object, last: boolean): void {
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text), ...(last ? { Connection: "close" } : {}) };
  response.writeHead(status, headers).end(text);
}
