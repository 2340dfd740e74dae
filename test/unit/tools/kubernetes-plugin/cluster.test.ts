import { describe, expect, it } from "vitest";
import { ApiStatusError } from "../../../../src/kube/api-error.ts";
import { Cluster } from "../../../../tools/kubernetes-plugin/cluster.ts";
import { FakeClock } from "../../kube/fixtures.ts";

/** A server that gives these answers, one after the other, and then a good one. */
function clusterOf(...answers: readonly (readonly [status: number, message: string])[]): { readonly cluster: Cluster; readonly asked: () => number } {
  let asked = 0;
  const send = (): Promise<string> => {
    const answer = answers[asked++];
    return answer === undefined
      ? Promise.resolve("{}")
      : Promise.reject(new ApiStatusError(answer[0], "/x", JSON.stringify({ kind: "Status", message: answer[1] })));
  };
  const cluster = new Cluster({ send, close: () => undefined } as never, "https://api.example.com:6443", new FakeClock());
  return { cluster, asked: () => asked };
}

const ask = (cluster: Cluster): Promise<unknown> => cluster.ask({ method: "GET", path: "/x", signal: new AbortController().signal });

describe("a cluster's answers", () => {
  it.each([
    [500, "etcdserver: leader changed"],
    [500, "etcdserver: request timed out, possibly due to previous leader failure"],
    [500, "rpc error: code = ResourceExhausted desc = etcdserver: too many requests"],
    [503, "apiserver not ready"],
    [429, "too many requests"],
  ])("%i %s is asked again", async (status, message) => {
    const { cluster, asked } = clusterOf([status, message], [status, message]);
    await ask(cluster);
    expect(asked()).toBe(3);
  });

  it.each([
    [500, "etcdserver: mvcc: database space exceeded"],
    [500, "etcdserver: request is too large"],
    [500, "rpc error: code = ResourceExhausted desc = trying to send message larger than max (2100100 vs. 2097152)"],
    [404, "not found"],
    [422, "is invalid"],
  ])("%i %s is its last word", async (status, message) => {
    const { cluster, asked } = clusterOf([status, message]);
    await expect(ask(cluster)).rejects.toMatchObject({ status });
    expect(asked()).toBe(1);
  });
});
