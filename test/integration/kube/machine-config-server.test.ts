import { generateKeyPairSync, sign } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machineTokens, type MachineTokens, type TokenClaims } from "../../../src/assets/machine-token.ts";
import { makeKeys, renderTls, tlsPart } from "../../../src/assets/tls/index.ts";
import { poll, systemEntropy } from "../../../src/util/index.ts";
import { startKubeControlPlane, type KubeControlPlane, type KubeProgram } from "../../helpers/kube-control-plane.ts";
import { IDENTITY, makeSpec } from "../../unit/assets/spec.ts";

/** The program of the node image over TLS, with a real API server to ask for nodes: once as on the bootstrap machine, once as on the control plane. */
const KEY = "machine-token";
const TABLE = [{ kind: "key-pair", name: KEY, format: "ed25519" }] as const;
const { infraID } = IDENTITY;
const NEW = { master: `${infraID}-master-1`, worker: `${infraID}-worker-1` } as const;
const KNOWN = { master: `${infraID}-master-0`, worker: `${infraID}-worker-0` } as const;
const ETCD = "https://192.168.126.9:2379";

interface Server {
  readonly port: number;
  readonly program: KubeProgram;
}

let cluster: KubeControlPlane;
let folder: string;
let bootstrap: Server;
let controlPlane: Server;
let tokens: MachineTokens;
let foreign: MachineTokens;

beforeAll(async () => {
  cluster = await startKubeControlPlane();
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-mcs-"));
  const keys = await makeKeys(TABLE, systemEntropy);
  tokens = machineTokens(keys, KEY, IDENTITY);
  foreign = machineTokens(await makeKeys(TABLE, systemEntropy), KEY, IDENTITY);
  await cluster.file("token.pub", tlsPart(await renderTls(TABLE, keys, { identity: IDENTITY, spec: makeSpec(1, 1) }), KEY, "publicKey"));
  const serving = await cluster.authority.issue({ subject: { commonName: "mcs" }, usage: "server", names: [{ type: "ip", value: "127.0.0.1" }] });
  await cluster.file("mcs.crt", serving.cert);
  await cluster.file("mcs.key", serving.key);
  const admin = await cluster.issue({ commonName: "admin", organizations: ["system:masters"] });
  await cluster.file("admin.crt", admin.cert);
  await cluster.file("admin.key", admin.key);
  for (const name of Object.values(KNOWN)) await cluster.create("/api/v1/nodes", { metadata: { name } });
  bootstrap = await startServer("bootstrap", ["master", "worker"]);
  controlPlane = await startServer("control-plane", ["worker"]);
});

afterAll(async () => {
  await cluster?.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function startServer(name: string, pools: readonly string[]): Promise<Server> {
  const configs = join(folder, name);
  await mkdir(configs);
  for (const pool of pools) await writeFile(join(configs, pool), `{"config":"${pool}"}`, { mode: 0o600 });
  await writeFile(join(folder, "outside"), "outside");
  const program = cluster.run(`mcs-${name}`, "machine-config-server", [
    ...["-listen", "127.0.0.1:0", "-certificate", "mcs.crt", "-key", "mcs.key", "-configs", configs],
    ...["-cluster", infraID, "-token-key", "token.pub", "-etcd-endpoint", ETCD],
    ...["-api-server", cluster.server, "-api-server-ca", "ca.crt", "-api-server-certificate", "admin.crt", "-api-server-key", "admin.key"],
  ]);
  const found = await poll(
    async () => {
      const log = await program.log();
      const port = /listening on 127\.0\.0\.1:(\d+)/.exec(log)?.[1];
      return port === undefined ? { done: false, reason: log } : { done: true, value: Number(port) };
    },
    { intervalMs: 50, timeoutMs: 5 * MINUTE },
  );
  if (found.outcome === "timeout") throw new Error(`it does not listen: ${found.lastReason}`);
  return { port: found.value, program };
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

function ask(server: Server, path: string, authorization: string | readonly string[] = [], method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: typeof authorization === "string" ? [authorization] : [...authorization] };
    const request = httpsRequest({ port: server.port, host: "127.0.0.1", path, method, ca: cluster.authority.cert, agent: false, headers });
    request.on("error", reject).on("response", (response) => {
      let body = "";
      response
        .setEncoding("utf8")
        .on("data", (text: string) => (body += text))
        .on("end", () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
    });
    request.end();
  });
}

const bearer = (claims: TokenClaims): string => `Bearer ${tokens(claims)}`;
const master = (machine: string): string => bearer({ pool: "master", machine });
const worker = (machine: string): string => bearer({ pool: "worker", machine });
const MINUTE = 60_000;

describe("the bootstrap machine", () => {
  it.each([
    ["its pool's config to a new control-plane machine", "/config/master", () => master(NEW.master), 200],
    ["an etcd member to a new control-plane machine", "/etcd-endpoint", () => master(NEW.master), 200],
    ["its pool's config to a new compute machine", "/config/worker", () => worker(NEW.worker), 200],
    ["a pool's config to a token of the pool", "/config/worker", () => bearer({ pool: "worker" }), 200],
    ["the control plane's to a token of the pool", "/config/master", () => bearer({ pool: "master" }), 200],
    [
      "a pool's config to a token that ends later",
      "/config/worker",
      () => bearer({ pool: "worker", expires: new Date(Date.now() + 60 * MINUTE) }),
      200,
    ],
    ["nothing to a token that has ended", "/config/worker", () => bearer({ pool: "worker", expires: new Date(Date.now() - MINUTE) }), 401],
    ["nothing without a token", "/config/master", () => [], 401],
    ["no worker config without a token", "/config/worker", () => [], 401],
    ["no etcd member without a token", "/etcd-endpoint", () => [], 401],
    ["nothing to an empty token", "/config/master", () => "Bearer ", 401],
    ["nothing to another scheme", "/config/master", () => master(NEW.master).replace("Bearer", "Basic"), 401],
    ["nothing to two headers", "/config/master", () => [master(NEW.master), master(NEW.master)], 401],
    ["nothing to a token of another key", "/config/master", () => `Bearer ${foreign({ pool: "master", machine: NEW.master })}`, 401],
    ["nothing to a token that was cut", "/config/master", () => master(NEW.master).slice(0, -1), 401],
    ["nothing to claims that were changed", "/config/master", () => changed(worker(NEW.worker)), 401],
    ["nothing to a token without a signature", "/config/master", () => `Bearer ${unsigned({ alg: "none", typ: "JWT" })}`, 401],
    ["nothing to a token that is signed otherwise", "/config/master", () => `Bearer ${unsigned({ alg: "HS256", typ: "JWT" })}`, 401],
    ["nothing to a token of another cluster", "/config/master", () => `Bearer ${resigned({ iss: "demo-other", pool: "master" })}`, 401],
    ["nothing to a very long token", "/config/master", () => `Bearer ${"x".repeat(4000)}`, 401],
    ["no control-plane config to a compute machine", "/config/master", () => worker(NEW.worker), 403],
    ["no etcd member to a compute machine", "/etcd-endpoint", () => worker(NEW.worker), 403],
    ["no control-plane config to the compute pool's token", "/config/master", () => bearer({ pool: "worker" }), 403],
    ["no compute config to a control-plane machine, which has it", "/config/worker", () => master(NEW.master), 403],
    ["no control-plane config to a machine that is a node", "/config/master", () => master(KNOWN.master), 403],
    ["no etcd member to a machine that is a node", "/etcd-endpoint", () => master(KNOWN.master), 403],
    ["no compute config to a machine that is a node", "/config/worker", () => worker(KNOWN.worker), 403],
    ["nothing outside its folder", "/config/..%2foutside", () => bearer({ pool: "../outside" }), 503],
    ["nothing else", "/", () => master(NEW.master), 404],
    ["no list", "/config", () => master(NEW.master), 404],
    ["its health to anybody", "/healthz", () => [], 200],
  ])("gives %s", async (_name, path, authorization, status) => {
    const answer = await ask(bootstrap, path, authorization());
    expect(answer.status).toBe(status);
    const content = path === "/etcd-endpoint" ? ETCD : `{"config":"${path.split("/").at(-1)}"}`;
    expect(answer.body).toBe(status === 200 && path !== "/healthz" ? content : "");
    expect(answer.headers["www-authenticate"]).toBe(status === 401 ? "Bearer" : undefined);
  });

  it("answers to GET and HEAD alone", async () => {
    const head = await ask(bootstrap, "/config/worker", worker(NEW.worker), "HEAD");
    expect([head.status, head.body]).toEqual([200, ""]);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
      expect([method, (await ask(bootstrap, "/config/worker", worker(NEW.worker), method)).status]).toEqual([method, 405]);
  });

  it("takes no token from the address, and no header that is too large", async () => {
    expect((await ask(bootstrap, `/config/worker?token=${tokens({ pool: "worker" })}`)).status).toBe(401);
    expect((await ask(bootstrap, "/config/worker", `Bearer ${"x".repeat(20_000)}`)).status).toBe(431);
  });

  it("speaks no TLS before 1.2", async () => {
    const shake = (maxVersion: "TLSv1.1" | "TLSv1.2"): Promise<string> =>
      new Promise((resolve) => {
        const options = { port: bootstrap.port, host: "127.0.0.1", ca: cluster.authority.cert, minVersion: "TLSv1" as const, maxVersion };
        const socket = connect({ ...options, ciphers: "DEFAULT@SECLEVEL=0" }, () => {
          resolve(socket.getProtocol() ?? "");
          socket.destroy();
        });
        socket.on("error", () => resolve("refused"));
      });
    expect([await shake("TLSv1.1"), await shake("TLSv1.2")]).toEqual(["refused", "TLSv1.2"]);
  });
});

describe("a control-plane machine", () => {
  it.each([
    ["no control-plane config, also to a good token", "/config/master", () => master(NEW.master), 503],
    ["no control-plane config to the pool's token", "/config/master", () => bearer({ pool: "master" }), 503],
    ["no etcd member to the pool's token", "/etcd-endpoint", () => bearer({ pool: "master" }), 503],
    ["no control-plane config to a machine that is a node", "/config/master", () => master(KNOWN.master), 403],
    ["an etcd member to a control-plane machine that joins", "/etcd-endpoint", () => master(NEW.master), 200],
    ["its pool's config to a new compute machine", "/config/worker", () => worker(NEW.worker), 200],
    ["a pool's config to a token of the pool", "/config/worker", () => bearer({ pool: "worker" }), 200],
    ["nothing without a token", "/config/master", () => [], 401],
  ])("gives %s", async (_name, path, authorization, status) => {
    expect((await ask(controlPlane, path, authorization())).status).toBe(status);
  });
});

describe("a machine's token", () => {
  it("opens nothing more as soon as the machine is a node, and again when the node was removed", async () => {
    const name = `${infraID}-worker-7`;
    const status = async (): Promise<number> => (await ask(controlPlane, "/config/worker", worker(name))).status;
    expect(await status()).toBe(200);
    await cluster.create("/api/v1/nodes", { metadata: { name } });
    expect(await status()).toBe(403);
    await cluster.request("DELETE", `/api/v1/nodes/${name}`);
    expect(await status()).toBe(200);
  });

  it("is asked for again while the API cannot tell whether it was used", async () => {
    await cluster.stopApiServer();
    expect((await ask(controlPlane, "/config/worker", worker(NEW.worker))).status).toBe(503);
    expect((await ask(controlPlane, "/config/worker")).status).toBe(401);
    await cluster.startApiServer();
    expect((await ask(controlPlane, "/config/worker", worker(NEW.worker))).status).toBe(200);
  });

  it("is in no log, which tells whose it was and why it was refused", async () => {
    const log = (await bootstrap.program.log()) + (await controlPlane.program.log());
    expect(log).toContain(`GET /config/master from 127.0.0.1`);
    expect(log).toContain(`token of "${KNOWN.worker}": 403 used token: the machine is a node already`);
    for (const token of [master(NEW.master), worker(NEW.worker), bearer({ pool: "worker" })])
      for (const part of token.replace("Bearer ", "").split(".")) expect(log).not.toContain(part);
  });
});

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token of a compute machine whose claims now say control plane. */
function changed(authorization: string): string {
  const [header, , signature] = authorization.split(".");
  return [header, part({ iss: infraID, pool: "master", sub: NEW.master }), signature].join(".");
}

const unsigned = (header: object): string => `${part(header)}.${part({ iss: infraID, pool: "master", sub: NEW.master })}.`;

/** A whole token by a key of one's own. */
function resigned(claims: object): string {
  const signed = `${part({ alg: "EdDSA", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), generateKeyPairSync("ed25519").privateKey).toString("base64url")}`;
}
