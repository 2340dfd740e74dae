import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createProxy } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import { connect, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestPair } from "./pki.ts";

/**
 * @plays kubelets whose serving certificates are asked for, before an API server
 * @contract a TLS handshake that ends with internal_error until there is a certificate, as Go's server does; any answer after that
 * @because each state of a certificate, on loopback
 * @real test/nightly/day-2.test.ts
 */

/** The fatal alert internal_error: what Go's TLS server answers as long as it has no certificate. Source: RFC 8446, 6 */
const INTERNAL_ERROR = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x50]);

/**
 * Plays what an API server sees of kubelets, on loopback: it reaches nodes by an HTTP proxy, which this is. A kubelet has no serving certificate at
 * first, and answers everything with 200 when it has one.
 */
export class PlayedKubelets {
  readonly #proxy = createProxy();
  /** By the address of the node. */
  readonly #certified = new Map<string, TlsServer>();

  readonly #socket: string;

  private constructor(socket: string) {
    this.#socket = socket;
  }

  static async start(): Promise<PlayedKubelets> {
    const it = new PlayedKubelets(join(await mkdtemp(join(tmpdir(), "virt-ipi-kubelets-")), "proxy.sock"));
    await listening(it.#proxy, it.#socket);
    it.#proxy.on("connect", (request, socket) => {
      socket.on("error", () => undefined);
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      const kubelet = it.#certified.get((request.url ?? "").replace(/:\d+$/, ""));
      if (kubelet === undefined) socket.once("data", () => socket.end(INTERNAL_ERROR));
      else {
        const upstream = connect(portOf(kubelet), "127.0.0.1", () => socket.pipe(upstream).pipe(socket));
        upstream.on("error", () => socket.destroy());
      }
    });
    return it;
  }

  /** For the API server. Source: kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity */
  get egress(): object {
    const connection = { proxyProtocol: "HTTPConnect", transport: { uds: { udsName: this.#socket } } };
    return { apiVersion: "apiserver.k8s.io/v1beta1", kind: "EgressSelectorConfiguration", egressSelections: [{ name: "cluster", connection }] };
  }

  async certify(address: string, { cert, key }: TestPair): Promise<void> {
    const kubelet = createTlsServer({ cert, key }, (_, response) => response.end("ok"));
    await listening(kubelet);
    this.#certified.set(address, kubelet);
  }

  async stop(): Promise<void> {
    for (const server of [this.#proxy, ...this.#certified.values()]) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
    await rm(dirname(this.#socket), { recursive: true });
  }
}

async function listening(server: Server, socket?: string): Promise<void> {
  if (socket === undefined) server.listen(0, "127.0.0.1");
  else server.listen(socket);
  await once(server, "listening");
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
