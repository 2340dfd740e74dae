import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { explainApiError } from "../../../src/kube/api-error.ts";
import { connectKube } from "../../../src/kube/client.ts";
import { makeTestKubeconfig, TestAuthority, type TestPair } from "../../helpers/pki.ts";

let authority: TestAuthority;
let user: TestPair;
const open: Server[] = [];
const sockets = new Set<Socket>();

beforeAll(async () => {
  authority = await TestAuthority.make("test-ca");
  user = await authority.issue({ subject: { commonName: "admin" }, usage: "client" });
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const server of open.splice(0)) await closed(server);
});

const listen = (server: Server): Promise<number> => {
  open.push(server);
  server.on("connection", (socket) => sockets.add(socket));
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
};

const closed = (server: Server | undefined): Promise<void> =>
  new Promise((resolve) => {
    server?.close(() => resolve());
  });

async function tlsServer(signer: TestAuthority, leaf: { notAfter?: Date; name?: string } = {}, requireClientOf?: TestAuthority): Promise<number> {
  const names = leaf.name === undefined ? [{ type: "ip" as const, value: "127.0.0.1" }] : [{ type: "dns" as const, value: leaf.name }];
  const pair = await signer.issue({
    subject: { commonName: "kube-apiserver" },
    usage: "server",
    names,
    ...(leaf.notAfter === undefined ? {} : { notAfter: leaf.notAfter }),
  });
  const clients = requireClientOf === undefined ? {} : { ca: requireClientOf.cert, requestCert: true, rejectUnauthorized: true };
  const server = createServer({ cert: pair.cert, key: pair.key, ...clients }, (_request, response) => response.end("ok"));
  // What the tests say ends connections, and no time.
  server.keepAliveTimeout = 0;
  return listen(server);
}

/** What a person is told about `/readyz` of this port. */
async function told(port: number, options: { requestTimeoutMs?: number; tlsServerName?: string; signal?: AbortSignal } = {}): Promise<string> {
  const { signal, ...rest } = options;
  const client = await connectKube({
    kubeconfig: makeTestKubeconfig("https://api.test.example.com:6443", authority.cert, user),
    server: `127.0.0.1:${port}`,
    tlsServerName: "127.0.0.1",
    ...rest,
  });
  try {
    await client.readyz(signal);
    return "ready";
  } catch (error) {
    return explainApiError(error);
  } finally {
    client.close();
  }
}

describe("reasons of real sockets", () => {
  it("is ready behind the right certificate", async () => {
    await expect(told(await tlsServer(authority))).resolves.toBe("ready");
  });

  it("tells a refused connection", async () => {
    const port = await listen(createTcpServer());
    await closed(open.pop());
    await expect(told(port)).resolves.toBe(`connection to 127.0.0.1:${port} refused: the machine is up, no API server listens yet`);
  });

  it("tells a server that accepts and says nothing, within its deadline", async () => {
    const port = await listen(createTcpServer((socket) => socket.resume()));
    const start = Date.now();
    await expect(told(port, { requestTimeoutMs: 300 })).resolves.toBe(`timeout: 127.0.0.1:${port} did not answer within 0.3 s`);
    // Before the deadline of who gives none.
    expect(Date.now() - start).toBeLessThan(15_000);
  });

  it("tells a connection that is closed", async () => {
    const port = await listen(createTcpServer((socket) => socket.destroy()));
    await expect(told(port)).resolves.toContain(`connection closed by 127.0.0.1:${port}`);
  });

  it("tells a server without TLS", async () => {
    const port = await listen(createTcpServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
    await expect(told(port)).resolves.toContain("does not speak TLS");
  });

  it("tells a certificate of another cluster", async () => {
    const port = await tlsServer(await TestAuthority.make("other-ca"));
    await expect(told(port)).resolves.toContain(`127.0.0.1:${port} shows a certificate that is not signed by this cluster's CA`);
  });

  it("tells an expired certificate", async () => {
    await expect(told(await tlsServer(authority, { notAfter: new Date(Date.now() - 60_000) }))).resolves.toContain("has expired");
  });

  it("tells a client certificate that the server does not take", async () => {
    const port = await tlsServer(authority, {}, await TestAuthority.make("other-ca"));
    await expect(told(port)).resolves.toMatch(/does not accept the client certificate|connection closed/);
  });

  it("verifies an address that replaces the server by the server's own name", async () => {
    const port = await tlsServer(authority, { name: "api.test.example.com" });
    const connect = (server: string) =>
      connectKube({ kubeconfig: makeTestKubeconfig("https://api.test.example.com:6443", authority.cert, user), server });
    const client = await connect(`https://127.0.0.1:${port}`);
    await expect(client.readyz()).resolves.toBeUndefined();
    client.close();
    await expect(told(port)).resolves.toContain("was issued for other names");
  });

  it("keeps its connection, and makes a new one when the server has closed it", async () => {
    const port = await tlsServer(authority);
    let connections = 0;
    open.at(-1)?.on("connection", () => connections++);
    const client = await connectKube({ kubeconfig: makeTestKubeconfig(`https://127.0.0.1:${port}`, authority.cert, user) });
    await client.readyz();
    await client.readyz();
    expect(connections).toBe(1);
    for (const socket of sockets) socket.destroy();
    await client.readyz();
    expect(connections).toBe(2);
    client.close();
  });

  it("asks again when the server says when, and gives its answer when there is no time for that", async () => {
    const pair = await authority.issue({ subject: { commonName: "kube-apiserver" }, usage: "server", names: [{ type: "ip", value: "127.0.0.1" }] });
    let asked = 0;
    const busy = (_request: unknown, response: ServerResponse): void => {
      asked += 1;
      response.statusCode = asked === 2 ? 200 : 429;
      response.setHeader("retry-after", asked === 1 ? "1" : "20");
      response.end("storage is (re)initializing");
    };
    const port = await listen(createServer({ cert: pair.cert, key: pair.key }, busy));
    const start = Date.now();
    await expect(told(port)).resolves.toBe("ready");
    // A timer of Node may be a millisecond early.
    expect(Date.now() - start).toBeGreaterThanOrEqual(990);
    await expect(told(port)).resolves.toBe("the API server is overloaded (429): storage is (re)initializing");
    expect(asked).toBe(3);
  });

  it("ends at once when aborted", async () => {
    const port = await listen(createTcpServer((socket) => socket.resume()));
    const start = Date.now();
    await expect(told(port, { signal: AbortSignal.timeout(200) })).resolves.toContain("aborted");
    // Before its deadline.
    expect(Date.now() - start).toBeLessThan(15_000);
  });
});

it.each([
  ["no YAML", "\t:"],
  ["empty", ""],
  ["no context", "clusters: []\nusers: []\ncontexts: []\n"],
  ["no server", "{}"],
])("refuses a kubeconfig with %s, without quoting it", async (_what, text) => {
  const error: unknown = await connectKube({ kubeconfig: text }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ id: "KUBECONFIG_INVALID" });
  expect(error).not.toHaveProperty("cause");
});
