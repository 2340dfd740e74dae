import { once } from "node:events";
import { connect } from "node:tls";
import { afterEach, expect, it } from "vitest";
import type { KubeApi } from "../../../helpers/olm/kube-api.ts";
import type { KubeObject } from "../../../helpers/olm/objects.ts";
import { createWebhookServices, type WebhookServices } from "../../../helpers/olm/services.ts";
import { freePorts } from "../../../helpers/free-ports.ts";
import { TestAuthority } from "../../../helpers/pki.ts";

/** Loopback, as the rig's service network. */
const HOST = "127.0.0.87";

let services: WebhookServices | undefined;
afterEach(async () => services?.dispose());

const certificateOf = async (port: number): Promise<string | undefined> => {
  const socket = connect({ host: HOST, port, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { issuer } = socket.getPeerCertificate();
  socket.destroy();
  return String(issuer.CN);
};

it("serves a renewed certificate at the address of the one before", async () => {
  const [port] = (await freePorts(1)) as [number];
  let authority = "";
  let data: Readonly<Record<string, string>> = {};
  const renew = async (name: string): Promise<void> => {
    authority = name;
    const { cert, key } = await (await TestAuthority.make(name)).issue({ subject: { commonName: "webhook" }, usage: "server" });
    data = { "tls.crt": Buffer.from(cert).toString("base64"), "tls.key": Buffer.from(key).toString("base64") };
  };
  const metadata = { name: "webhook", namespace: "here", labels: { "kubernetes.io/service-name": "webhook" } };
  const objects = (): Readonly<Record<string, Omit<KubeObject, "apiVersion" | "kind">>> => ({
    services: { metadata, spec: { clusterIP: HOST, ports: [{ port }] } },
    endpointslices: { metadata, endpoints: [{ conditions: { ready: true } }] },
    secrets: { metadata: { ...metadata, name: "webhook-cert" }, data },
  });
  const list: KubeApi["list"] = (path) =>
    Promise.resolve(Object.entries(objects()).flatMap(([kind, object]) => (path.includes(`/${kind}`) ? [object as never] : [])));
  services = createWebhookServices({ list } as KubeApi, {});
  for (const name of ["first", "second"]) {
    await renew(name);
    await services.reconcile();
    expect(await certificateOf(port)).toBe(authority);
  }
});
