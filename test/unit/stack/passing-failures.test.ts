import { describe, expect, it } from "vitest";
import type { InstallerEvent } from "../../../src/events/index.ts";
import type { Failure } from "../../../src/stack/failure.ts";
import { againWhilePassing, passes, summed } from "../../../src/stack/passing-failures.ts";

const failure = (message: string, type = "kubernetes:core/v1:ConfigMap"): Failure => ({ urn: `urn:pulumi:demo::virt-ipi::${type}::c`, message });
const request = (end: string): string =>
  `resource "c" was not successfully created by the Kubernetes API server: Patch "https://127.0.0.1:6443/api/v1/namespaces/a/configmaps/c?force=false": ${end}`;
const RESET = failure(request("read tcp 127.0.0.1:1->127.0.0.1:6443: read: connection reset by peer"));

const UNKNOWN_AUTHORITY =
  'failed calling webhook "w": failed to call webhook: Post "https://w.a.svc:443/?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority';

describe("passes", () => {
  it.each([
    request("read tcp 127.0.0.1:1->127.0.0.1:6443: read: connection reset by peer"),
    request("dial tcp 127.0.0.1:6443: connect: connection refused"),
    request("EOF"),
    request("unexpected EOF"),
    request("net/http: TLS handshake timeout"),
    request("http2: client connection lost"),
    request('http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=NO_ERROR, debug=""'),
    'the Kubernetes API server reported that it failed to fully initialize or become live: Get "https://a:6443/api": EOF',
    'configured Kubernetes cluster is unreachable: unable to load schema information from the API server: Get "https://a:6443/openapi": EOF',
    "the server is currently unable to handle the request (patch configmaps c)",
    "etcdserver: leader changed",
    'failed calling webhook "w": failed to call webhook: Post "https://w.a.svc:443/": dial tcp: connect: connection refused',
    'failed calling webhook "w": failed to call webhook: Post "https://w.a.svc:443/": no endpoints available for service "w"',
    `${UNKNOWN_AUTHORITY} (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "olm-selfsigned-1")`,
  ])("%s", (message) => expect(passes([failure(message)])).toBe(true));

  it.each([
    'failed calling webhook "w": failed to call webhook: Post "https://w.a.svc:443/": context deadline exceeded',
    'failed calling webhook "w": failed to call webhook: Post "https://w.a.svc:443/": service "w" not found',
    'failed calling webhook "w": failed to call webhook: Post "https://w.a.svc:443/": tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
    'admission webhook "w" denied the request: Get "https://a": EOF',
    'admission webhook "w" denied the request: x509: certificate signed by unknown authority',
    'Pod a: Readiness probe failed: Get "http://10.0.0.1:8080/": dial tcp: connect: connection refused: failed to fully initialize or become live',
    'Apply failed with 1 conflict: conflict with "their-controller": .data.a',
    "the Kubernetes API server reported that it failed to fully initialize or become live: timed out",
  ])("not %s", (message) => expect(passes([failure(message)])).toBe(false));

  it("takes a program that did not reach its engine", () => {
    const message =
      "rpc error: code = Unknown desc = One or more errors occurred: 14 UNAVAILABLE: No connection established. Last error: null. Resolution note: ";
    expect(passes([{ urn: undefined, message }])).toBe(true);
    expect(passes([{ urn: undefined, message }, RESET])).toBe(true);
    expect(
      passes([
        { urn: undefined, message },
        { urn: undefined, message: "Unhandled exception: Error: no" },
      ]),
    ).toBe(false);
    // A resource of ours that reaches no server is not the engine.
    expect(passes([failure(message, "virt-ipi:kvm:Network")])).toBe(false);
  });

  it("asks all that failed, and only objects of a cluster", () => {
    expect(passes([])).toBe(false);
    expect(passes([RESET, failure("something else")])).toBe(false);
    expect(passes([RESET, { urn: undefined, message: "Unhandled exception: Error: no" }])).toBe(false);
    expect(passes([failure(request("EOF"), "virt-ipi:kvm:Network")])).toBe(false);
  });
});

describe("an operation that fails by what passes by itself", () => {
  /** Fails as told, then answers. */
  const trial = (answers: readonly (Failure | undefined)[], stop = new AbortController()) => {
    let failures: readonly Failure[] = [];
    let tries = 0;
    let now = 0;
    const slept: number[] = [];
    const events: InstallerEvent[] = [];
    const run = (): Promise<string> =>
      againWhilePassing(
        () => {
          const found = answers[tries++];
          failures = found === undefined ? [] : [found];
          return found === undefined ? Promise.resolve("done") : Promise.reject(new Error(found.message));
        },
        {
          failures: () => failures,
          reporter: { emit: (event) => events.push(event) },
          clock: {
            now: () => new Date(now),
            sleep: (milliseconds) => {
              slept.push(milliseconds);
              now += milliseconds;
              stop.signal.throwIfAborted();
              return Promise.resolve();
            },
          },
          signal: stop.signal,
        },
      );
    return { run, slept, events, tries: () => tries };
  };

  it("runs again after a growing pause, and tells it", async () => {
    const { run, slept, events } = trial([RESET, RESET, undefined]);
    expect(await run()).toBe("done");
    expect(slept).toEqual([2_000, 4_000]);
    expect(events).toEqual([
      { type: "log", level: "warning", message: "c: the API server does not answer; trying again in 2 s" },
      { type: "waiting", subject: "c", reason: "the API server does not answer; trying again in 2 s", elapsedMs: 0 },
      { type: "log", level: "warning", message: "c: the API server does not answer; trying again in 4 s" },
      { type: "waiting", subject: "c", reason: "the API server does not answer; trying again in 4 s", elapsedMs: 2_000 },
    ]);
  });

  it("says what did not answer", async () => {
    const { run, events } = trial([{ urn: undefined, message: "14 UNAVAILABLE: No connection established. Last error: null." }, undefined]);
    expect(await run()).toBe("done");
    expect(events).toMatchObject([
      { message: "Pulumi's engine: no answer; trying again in 2 s" },
      { subject: "Pulumi's engine", reason: "no answer; trying again in 2 s" },
    ]);
  });

  it("says of a webhook that its certificate is new", async () => {
    const { run, events } = trial([failure(UNKNOWN_AUTHORITY), undefined]);
    expect(await run()).toBe("done");
    expect(events).toMatchObject([
      { message: "c: a webhook's certificate is not the one that the cluster knows; trying again in 2 s" },
      { subject: "c" },
    ]);
  });

  it("gives up after two minutes of pauses, with the last failure", async () => {
    const { run, slept } = trial(Array.from({ length: 20 }, () => RESET));
    await expect(run()).rejects.toThrow(/connection reset/);
    expect(slept.reduce((sum, each) => sum + each, 0)).toBe(120_000);
  });

  it("ends at once with what does not pass, and when it is interrupted", async () => {
    const other = trial([RESET, failure("no"), undefined]);
    await expect(other.run()).rejects.toThrow("no");
    expect(other.tries()).toBe(2);
    const stop = new AbortController();
    stop.abort(new Error("stopped"));
    const stopped = trial([RESET, undefined], stop);
    await expect(stopped.run()).rejects.toThrow(/connection reset/);
    expect(stopped.tries()).toBe(1);
  });
});

describe("summed", () => {
  it("counts what an earlier try made as made, not as the same", () => {
    expect(summed([{ create: 20 }, { create: 130, same: 20 }])).toEqual({ create: 150 });
    expect(summed([{ same: 3, update: 1, delete: 1 }, { same: 4 }])).toEqual({ same: 3, update: 1, delete: 1 });
    expect(summed([{ same: 3 }])).toEqual({ same: 3 });
    expect(summed([])).toEqual({});
  });
});
