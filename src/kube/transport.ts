import { Agent, request as httpsRequest, type RequestOptions } from "node:https";
import { isIP } from "node:net";
import { checkServerIdentity } from "node:tls";
import { systemClock } from "../util/index.ts";
import { ApiStatusError, RequestTimeout } from "./api-error.ts";

export interface TransportOptions {
  /** `https://host:port` */
  readonly server: URL;
  /** The name that the server's certificate must carry, if it is not the server's host. */
  readonly serverName?: string | undefined;
  /** PEM: whom to trust, and who we are. */
  readonly tls: Pick<RequestOptions, "ca" | "cert" | "key" | "rejectUnauthorized">;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Requests at a time; default 4. */
  readonly connections?: number | undefined;
}

export interface TransportRequest {
  readonly method: "GET" | "PATCH" | "DELETE";
  /** Path with query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with each `Warning` header of an answer (RFC 7234: `299 - "text"`), without its code and quotes. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/**
 * HTTPS to one API server over kept connections, each request with a deadline. The generated classes of
 * @kubernetes/client-node 2 are not used for this: they open a new TLS connection for each request, and know neither
 * deadlines nor signals.
 */
export class Transport {
  readonly #options: TransportOptions;
  readonly #agent: Agent;

  constructor(options: TransportOptions) {
    this.#options = options;
    const name = options.serverName;
    this.#agent = new Agent({
      ...options.tls,
      keepAlive: true,
      maxSockets: options.connections ?? 4,
      ...(name === undefined ? {} : { checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate) }),
      // SNI carries names only.
      ...(name === undefined || isIP(name) !== 0 ? {} : { servername: name }),
    });
  }

  /**
   * The body of the answer. What the server has put off (429 with Retry-After: it is overloaded, or still sets up the storage of a
   * new kind) is asked again within the deadline.
   * @throws ApiStatusError, RequestTimeout, socket and TLS errors, the signal's reason
   */
  async send(request: TransportRequest): Promise<string> {
    const end = Date.now() + this.#options.timeoutMs;
    for (;;) {
      request.signal?.throwIfAborted();
      try {
        return await this.#answer(request);
      } catch (error) {
        const pause = error instanceof ApiStatusError && error.status === 429 ? error.retryAfterMs : undefined;
        if (pause === undefined || Date.now() + pause > end) throw error;
        await systemClock.sleep(pause, request.signal);
      }
    }
  }

  async #answer(request: TransportRequest): Promise<string> {
    try {
      return await this.#attempt(request);
    } catch (error) {
      // A kept connection that the server has closed meanwhile says nothing about the server: try a new one.
      if (request.method === "GET" && error instanceof Error && "stale" in error) return this.#attempt(request);
      throw error;
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #attempt(wanted: TransportRequest): Promise<string> {
    const { server, headers, timeoutMs } = this.#options;
    const { signal } = wanted;
    const port = Number(server.port === "" ? 443 : server.port);
    const host = server.hostname.replace(/^\[|\]$/g, "");
    return new Promise<string>((resolve, reject) => {
      const request = httpsRequest({
        agent: this.#agent,
        host,
        port,
        method: wanted.method,
        path: `${server.pathname.replace(/\/$/, "")}${wanted.path}`,
        headers: {
          accept: "application/json, text/plain;q=0.5, */*;q=0.1",
          ...headers,
          ...(wanted.body === undefined
            ? {}
            : { "content-type": wanted.contentType ?? "application/json", "content-length": Buffer.byteLength(wanted.body) }),
        },
      });
      const onAbort = (): void => void request.destroy(new Error("aborted"));
      const deadline = setTimeout(() => request.destroy(new RequestTimeout(`${host}:${port}`, timeoutMs)), timeoutMs);
      const end = (): void => {
        clearTimeout(deadline);
        signal?.removeEventListener("abort", onAbort);
      };
      const fail = (error: Error): void => {
        end();
        if (signal?.aborted === true) return reject(signal.reason as Error);
        const stale = request.reusedSocket && "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
        // Certificate errors do not say whose certificate it was.
        reject(Object.assign(error, "address" in error ? {} : { address: host, port }, stale ? { stale } : {}));
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      request.on("error", fail);
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", fail);
        response.on("end", () => {
          end();
          for (const [, text] of String(response.headers["warning"] ?? "").matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g))
            wanted.onWarning?.((text ?? "").replaceAll(/\\(.)/g, "$1"));
          const body = Buffer.concat(chunks).toString("utf8");
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve(body);
          else reject(new ApiStatusError(status, wanted.path, body, retryAfter(response.headers["retry-after"])));
        });
      });
      request.end(wanted.body);
    });
  }
}

/** Milliseconds of a Retry-After header; the API server sends whole seconds. */
const retryAfter = (header: string | undefined): number | undefined =>
  header !== undefined && /^\d+$/.test(header) ? Number(header) * 1_000 : undefined;
