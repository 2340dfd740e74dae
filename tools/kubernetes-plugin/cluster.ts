import { InstallerError } from "../../src/errors/index.ts";
import { ApiStatusError, explainApiError, saysTooLarge } from "../../src/kube/api-error.ts";
import type { Transport } from "../../src/kube/transport.ts";
import type { Clock } from "../../src/util/index.ts";
import type { Ask } from "./ask.ts";
import { Kinds, type Kind } from "./kinds.ts";
import type { GroupVersionKind } from "./manifest.ts";

export interface Limits {
  /** Milliseconds for which requests are repeated to a server that has answered before: an API server that restarts is no failure. */
  readonly outageMs: number;
  /** The same for one that has never answered. */
  readonly firstContactMs: number;
  /** The same while a webhook that the server has to ask does not answer. */
  readonly webhookMs: number;
}

export const LIMITS: Limits = { outageMs: 120_000, firstContactMs: 20_000, webhookMs: 20_000 };

/** One cluster's API, over outages. All of its requests may be repeated: reads, server-side applies, deletes. */
export class Cluster {
  readonly server: string;
  readonly kinds: Kinds;
  readonly clock: Clock;
  readonly #transport: Transport;
  readonly #limits: Limits;
  #reached = false;
  #downSince: number | undefined;
  #lastFailure: { readonly at: number; readonly patient: boolean; readonly error: InstallerError } | undefined;

  constructor(transport: Transport, server: string, clock: Clock, limits: Limits = LIMITS) {
    this.#transport = transport;
    this.server = server;
    this.clock = clock;
    this.#limits = limits;
    this.kinds = new Kinds((path, ask) => this.ask({ ...ask, method: "GET", path }));
  }

  close(): void {
    this.#transport.close();
  }

  /** @throws InstallerError KUBE_KIND_UNKNOWN */
  async kind(wanted: GroupVersionKind, ask: Omit<Ask, "method" | "path">): Promise<Kind> {
    const kind = await this.kinds.find(wanted, ask);
    if (kind !== undefined) return kind;
    throw new InstallerError("KUBE_KIND_UNKNOWN", `the cluster has no ${wanted.kind} of ${wanted.apiVersion}`, {
      value: `${wanted.apiVersion} ${wanted.kind}`,
    });
  }

  /** @throws ApiStatusError for what the server refuses, InstallerError KUBE_UNREACHABLE, the signal's reason */
  async ask<T>(ask: Ask): Promise<T> {
    const start = this.#now();
    for (let attempt = 0; ; attempt++) {
      this.#failFast(ask.patient !== false);
      try {
        const body = await this.#transport.send(ask);
        this.#answered();
        return JSON.parse(body) as T;
      } catch (error) {
        ask.signal.throwIfAborted();
        const limit = this.#limitOf(error);
        if (limit === undefined) throw error;
        const now = this.#now();
        const since = Math.min(this.#downSince ?? now, start);
        if (ask.patient === false || now - since >= limit) throw this.#givenUp(error, ask.patient !== false);
        ask.onWait?.(explainApiError(error));
        await this.clock.sleep(Math.min(100 * 2 ** attempt, 2_000), ask.signal);
      }
    }
  }

  /** For how long this failure is to be waited out; undefined if the server has spoken its last word. */
  #limitOf(error: unknown): number | undefined {
    if (error instanceof ApiStatusError) {
      if (isWebhookFailure(error)) return this.#limits.webhookMs;
      if (!isPassing(error)) {
        this.#answered();
        return undefined;
      }
    } else if (isCertificateProblem(error)) return 0;
    this.#downSince ??= this.#now();
    return this.#reached ? this.#limits.outageMs : this.#limits.firstContactMs;
  }

  #givenUp(error: unknown, patient: boolean): unknown {
    if (error instanceof ApiStatusError && isWebhookFailure(error)) return error;
    const failure = new InstallerError("KUBE_UNREACHABLE", explainApiError(error), { value: this.server, cause: error });
    this.#lastFailure = { at: this.#now(), patient, error: failure };
    return failure;
  }

  /** Of hundreds of objects only the first shall wait for a dead server. Who asked only once has not proved it dead. */
  #failFast(patient: boolean): void {
    const last = this.#lastFailure;
    if (last !== undefined && this.#now() - last.at < 5_000 && (last.patient || !patient)) throw last.error;
  }

  #answered(): void {
    this.#reached = true;
    this.#downSince = undefined;
    this.#lastFailure = undefined;
  }

  #now(): number {
    return this.clock.now().getTime();
  }
}

/** What etcd says while it loses or finds its leader, or cannot keep up. Source: go.etcd.io/etcd/api, rpctypes/error.go */
const ETCD_PASSING =
  /etcdserver: (?:leader changed|no leader|not leader|request timed out|context deadline exceeded|request canceled|server stopped|too many requests|unhealthy cluster)/;

const isPassing = ({ status, body }: ApiStatusError): boolean => [429, 502, 503, 504].includes(status) || (status === 500 && ETCD_PASSING.test(body));

export const isTooLarge = ({ status, body }: Pick<ApiStatusError, "status" | "body">): boolean => status === 413 || saysTooLarge(body);

export const isWebhookFailure = ({ status, body }: ApiStatusError): boolean => status === 500 && body.includes("failed calling webhook");

function isCertificateProblem(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /CERT|UNABLE_TO_|SELF_SIGNED|INVALID_CA|TLS_ALERT|ERR_SSL|EPROTO/.test(code);
}
