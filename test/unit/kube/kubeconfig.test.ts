import { beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { clusterAccess } from "../../../src/kube/kubeconfig.ts";
import { plainAccess } from "../../../src/kube/plain-kubeconfig.ts";
import { makeTestKubeconfig, TestAuthority, type TestPair } from "../../helpers/pki.ts";

let authority: TestAuthority;
let admin: TestPair;
let text: string;

beforeAll(async () => {
  // A second of processor time, once.
  await import("@kubernetes/client-node");
  authority = await TestAuthority.make("ca");
  admin = await authority.issue({ subject: { commonName: "admin" }, usage: "client" });
  text = makeTestKubeconfig("https://api.test.example.com:6443", authority.cert, admin);
});

interface Shape {
  readonly clusters: { readonly cluster: Record<string, unknown> }[];
  readonly users: { user: Record<string, unknown> }[];
}

function changed(change: (config: Shape) => void): string {
  const config = parse(text) as Shape;
  change(config);
  return stringify(config);
}

const readable = ({ tls, ...rest }: Awaited<ReturnType<typeof clusterAccess>>): object => ({
  ...rest,
  tls: Object.fromEntries(Object.entries(tls).map(([name, value]) => [name, Buffer.isBuffer(value) ? value.toString() : value])),
});
/** What @kubernetes/client-node makes of it: a field that only it understands keeps ours out. */
const byLibrary = (config: string): Promise<Awaited<ReturnType<typeof clusterAccess>>> =>
  clusterAccess(
    stringify({
      ...(parse(config) as object),
      users: (parse(config) as Shape).users.map((each) => ({ ...each, user: { ...each.user, impersonate: "" } })),
    }),
  );

describe("a kubeconfig that holds all it needs", () => {
  it.each([
    ["certificates", () => text],
    ["a token", () => changed(({ users }) => users.forEach((each) => (each.user = { token: "secret-token" })))],
    [
      "no proof of the server",
      () => changed(({ clusters }) => clusters.forEach(({ cluster }) => Object.assign(cluster, { "insecure-skip-tls-verify": true }))),
    ],
    [
      "another name of the server",
      () => changed(({ clusters }) => clusters.forEach(({ cluster }) => Object.assign(cluster, { "tls-server-name": "other" }))),
    ],
  ])("with %s is read as @kubernetes/client-node reads it", async (_case, make) => {
    const plain = plainAccess(make(), undefined);
    expect(plain).toBeDefined();
    const library = readable(await byLibrary(make())) as { tls: object };
    expect(plain && readable(plain)).toMatchObject(library);
    expect(plain?.server).toBe("https://api.test.example.com:6443");
  });
});

describe("any other kubeconfig", () => {
  it.each([
    ["files", ({ users }: Shape) => users.forEach((each) => (each.user = { "client-certificate": "/a", "client-key": "/b" }))],
    ["a helper", ({ users }: Shape) => users.forEach((each) => (each.user = { exec: { command: "login" } }))],
    ["a proxy", ({ clusters }: Shape) => clusters.forEach(({ cluster }) => Object.assign(cluster, { "proxy-url": "http://proxy" }))],
    ["no server", ({ clusters }: Shape) => clusters.forEach(({ cluster }) => Object.assign(cluster, { server: "?" }))],
  ])("with %s is left to the library", (_case, change) => {
    expect(plainAccess(changed(change), undefined)).toBeUndefined();
  });

  it.each(["", "[", "a", "{}", "current-context: x"])("such as %j is refused", async (config) => {
    await expect(clusterAccess(config)).rejects.toMatchObject({ id: "KUBECONFIG_INVALID" });
  });

  it("has other contexts too", async () => {
    const config = parse(text) as Record<string, unknown>;
    const two = stringify({ ...config, "current-context": "none" });
    await expect(clusterAccess(two)).rejects.toMatchObject({ id: "KUBECONFIG_INVALID" });
    expect((await clusterAccess(two, String(config["current-context"]))).server).toBe("https://api.test.example.com:6443");
  });
});
