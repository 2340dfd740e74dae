import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { KINDS, type KindName } from "../../src/virtualization/observe/index.ts";
import { makeTestKubeconfig, TestAuthority } from "./pki.ts";
import type { FakeCluster } from "./virtualization.ts";

export interface FakeApi {
  /** Of a client that the server knows by its certificate. */
  readonly kubeconfig: string;
  close(): Promise<void>;
}

/** Serves a cluster in memory as an API server does, by TLS on loopback. @param cluster asked for at each request */
export async function serveCluster(cluster: () => FakeCluster): Promise<FakeApi> {
  const authority = await TestAuthority.make("test-ca");
  const serving = await authority.issue({ subject: { commonName: "kube-apiserver" }, usage: "server", names: [{ type: "ip", value: "127.0.0.1" }] });
  const user = await authority.issue({ subject: { commonName: "admin" }, usage: "client" });
  const api = createServer({ cert: serving.cert, key: serving.key }, (request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      void answer(cluster(), request.method ?? "", new URL(request.url ?? "", "https://x").pathname, body).then(({ status, object }) => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(object));
      });
    });
  });
  await new Promise<void>((done) => api.listen(0, "127.0.0.1", done));
  return {
    kubeconfig: makeTestKubeconfig(`https://127.0.0.1:${(api.address() as AddressInfo).port}`, authority.cert, user),
    close: async () => {
      api.closeAllConnections();
      await new Promise((done) => api.close(done));
    },
  };
}

const PATH = /^\/(?:api|apis)\/(.+?)(?:\/namespaces\/([^/]+)(?=\/))?\/([a-z]+)(?:\/([^/]+))?$/;

async function answer(cluster: FakeCluster, method: string, path: string, body: string): Promise<{ status: number; object: unknown }> {
  const missing = { status: 404, object: { kind: "Status", message: "not found" } };
  const text = cluster.texts[path];
  if (text !== undefined) return { status: 200, object: JSON.parse(text) };
  const [, root = "", namespace, plural = "", name] = PATH.exec(path) ?? [];
  const kind = (Object.keys(KINDS) as KindName[]).find((each) => KINDS[each].apiVersion === root && KINDS[each].plural === plural);
  if (kind === undefined || cluster.objects[kind] === undefined) return missing;
  const objects = cluster.client();
  if (name === undefined) return { status: 200, object: { items: await objects.list(KINDS[kind], namespace) } };
  if (method === "DELETE") await objects.remove(KINDS[kind], { namespace, name });
  const found = await objects.read(KINDS[kind], { namespace, name });
  if (method === "PATCH") return { status: 200, object: await objects.patch(KINDS[kind], { namespace, name }, JSON.parse(body) as object) };
  return found === undefined && method === "GET" ? missing : { status: 200, object: found ?? {} };
}
