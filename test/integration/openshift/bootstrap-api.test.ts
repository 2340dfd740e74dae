import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { fixtureKeys, inputOf, keysOfSigners, renderScenario } from "../../golden/openshift/scenarios.ts";
import { BootstrapPrograms } from "../../helpers/bootstrap-programs.ts";
import { until } from "../../helpers/machine-api.ts";
import { shareOf } from "../../helpers/share.ts";
import { IDENTITY } from "../../unit/assets/spec.ts";
import { ignitionFiles } from "../../helpers/ignition-files.ts";

/**
 * Real etcd, API server, controller manager, scheduler and kubelet on the very files of bootstrap.ign, under the names of the cluster. The
 * certificates of etcd are not among them: its operator makes them on the machine.
 */
const TLS = "opt/openshift/tls";
const AUTH = "opt/openshift/auth";
const KUBELET = `${AUTH}/kubeconfig-kubelet`;
const ADMINS = ["user", `${AUTH}/kubeconfig`, `${AUTH}/kubeconfig-loopback`] as const;
const NODE = "bootstrap";
const ETCD = "http://127.0.0.1:2379";

let host: BootstrapPrograms;

const tls = (name: string): string => host.path(`${TLS}/${name}`);
const pem = (name: string): Promise<string> => readFile(tls(name), "utf8");
const pair = (name: string): string => `${tls(`${name}.crt`)},${tls(`${name}.key`)}`;

/** In every run those of most clusters, and each kind of key nightly. */
const SIGNERS = shareOf([
  { signers: "RSA", scenario: "none", version: "4.21" },
  { signers: "ECDSA", scenario: "curves", version: "5.0" },
]);

async function startPrograms({ signers, scenario, version }: (typeof SIGNERS)[number]): Promise<void> {
  const input = await inputOf(scenario, version);
  const identity = { ...IDENTITY, createdAt: new Date().toISOString() };
  const keys = signers === "RSA" ? await fixtureKeys(input, false) : await keysOfSigners(input);
  const assets = await renderScenario(input, keys, identity);
  host = await BootstrapPrograms.open(["api.demo.example.com", "api-int.demo.example.com"]);
  for (const [path, { text }] of ignitionFiles(assets.get("bootstrap.ign")?.content ?? ""))
    if (path.startsWith("/opt/openshift/")) await host.file(path, text);
  await host.file("user", assets.get("auth/kubeconfig")?.content ?? "");
  await host.start("etcd", ["--data-dir", host.path("etcd"), "--listen-client-urls", ETCD, "--advertise-client-urls", ETCD, "--unsafe-no-fsync"]);
  await host.start("kube-apiserver", [
    `--etcd-servers=${ETCD}`,
    "--bind-address=127.0.0.1",
    "--secure-port=6443",
    "--advertise-address=127.0.0.1",
    "--endpoint-reconciler-type=none",
    "--service-cluster-ip-range=172.30.0.0/16",
    `--tls-cert-file=${tls("kube-apiserver-service-network-server.crt")}`,
    `--tls-private-key-file=${tls("kube-apiserver-service-network-server.key")}`,
    ...["localhost", "lb", "internal-lb"].map((name) => `--tls-sni-cert-key=${pair(`kube-apiserver-${name}-server`)}`),
    `--client-ca-file=${tls("kube-apiserver-complete-client-ca-bundle.crt")}`,
    `--requestheader-client-ca-file=${tls("aggregator-ca-bundle.crt")}`,
    "--requestheader-allowed-names=system:kube-apiserver-proxy",
    "--requestheader-username-headers=X-Remote-User",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    `--proxy-client-cert-file=${tls("aggregator-client.crt")}`,
    `--proxy-client-key-file=${tls("aggregator-client.key")}`,
    `--kubelet-client-certificate=${tls("kube-apiserver-to-kubelet-client.crt")}`,
    `--kubelet-client-key=${tls("kube-apiserver-to-kubelet-client.key")}`,
    `--kubelet-certificate-authority=${tls("kubelet-serving-ca-bundle.crt")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${tls("service-account.pub")}`,
    `--service-account-signing-key-file=${tls("service-account.key")}`,
    "--authorization-mode=Node,RBAC",
    "--shutdown-delay-duration=0s",
  ]);
  await until("the API server is ready", async () => (await host.kubectl("user", ["get", "--raw", "/readyz"])).ok, 600_000);
  await host.start("kube-controller-manager", [
    `--kubeconfig=${await kubeconfigOf("kube-control-plane-kube-controller-manager-client")}`,
    "--secure-port=0",
    `--root-ca-file=${tls("kube-apiserver-complete-server-ca-bundle.crt")}`,
    `--service-account-private-key-file=${tls("service-account.key")}`,
    `--cluster-signing-cert-file=${tls("kubelet-signer.crt")}`,
    `--cluster-signing-key-file=${tls("kubelet-signer.key")}`,
    "--use-service-account-credentials",
  ]);
  await host.start("kube-scheduler", [`--kubeconfig=${await kubeconfigOf("kube-control-plane-kube-scheduler-client")}`, "--secure-port=0"]);
  expect(await pem("kubelet-signer.key")).toContain(signers === "RSA" ? "BEGIN RSA PRIVATE KEY" : "BEGIN EC PRIVATE KEY");
}

afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  for (const name of ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet"])
    console.log(`${name}: ${(await host.logOf(name).catch(() => "not started")).slice(-2_000)}`);
});

/** A kubeconfig by the files of the machine, to the internal name. */
async function kubeconfigOf(client: string): Promise<string> {
  const named = (key: string, value: object): object => ({ name: "local", [key]: value });
  const cluster = { server: "https://api-int.demo.example.com:6443", "certificate-authority": tls("kube-apiserver-complete-server-ca-bundle.crt") };
  return await host.file(
    `${client}.kubeconfig`,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [named("cluster", cluster)],
      users: [named("user", { "client-certificate": tls(`${client}.crt`), "client-key": tls(`${client}.key`) })],
      contexts: [named("context", { cluster: "local", user: "local" })],
      "current-context": "local",
    }),
  );
}

const whoami = async (kubeconfig: string): Promise<{ username?: string; groups?: readonly string[] }> => {
  const { text } = await host.kubectl(kubeconfig, ["auth", "whoami", "--output", "yaml"]);
  return (parse(text) as { status?: { userInfo?: object } }).status?.userInfo ?? {};
};

const grant = async (name: string, role: string, group: string): Promise<void> => {
  const made = await host.kubectl("user", ["create", "clusterrolebinding", name, `--clusterrole=${role}`, `--group=${group}`]);
  expect(made.ok, made.text).toBe(true);
};

describe.each(SIGNERS)("the files of bootstrap.ign, signed by keys of $signers,", (row) => {
  beforeAll(() => startPrograms(row));
  afterAll(async () => await host?.[Symbol.asyncDispose]());

  it.each(ADMINS)("let the administrator of %s do everything", async (kubeconfig) => {
    expect(await whoami(kubeconfig)).toMatchObject({ username: "system:admin", groups: expect.arrayContaining(["system:masters"]) as string[] });
    expect(await host.kubectl(kubeconfig, ["auth", "can-i", "*", "*", "--all-namespaces"])).toMatchObject({ ok: true });
  });

  it("let controller manager and scheduler act, who sign for ServiceAccounts with its key", async () => {
    for (const name of ["kube-controller-manager", "kube-scheduler"])
      await until(`${name} holds its Lease`, async () => (await host.kubectl("user", ["get", "lease", name, "--namespace", "kube-system"])).ok);
    const token = await until("there is a ServiceAccount", async () => {
      const made = await host.kubectl("user", ["create", "token", "default"]);
      return made.ok ? made.text.trim() : undefined;
    });
    const { text } = await host.kubectl("user", ["create", "--output", "yaml", "--filename", "-"], review(token));
    expect(parse(text)).toMatchObject({ status: { authenticated: true, user: { username: "system:serviceaccount:default:default" } } });
    const bundle = await until("there is the bundle", async () => {
      const { ok, text: found } = await host.kubectl("user", ["get", "configmap", "kube-root-ca.crt", "--output", "yaml"]);
      return ok && found;
    });
    expect((parse(bundle) as { data: object }).data).toEqual({
      "ca.crt": await pem("kube-apiserver-complete-server-ca-bundle.crt"),
    });
  });

  it("let whoever has the kubelets' kubeconfig ask for a certificate, and nothing else", async () => {
    const who = await whoami(KUBELET);
    expect(who.username).toBe("system:serviceaccount:openshift-machine-config-operator:node-bootstrapper");
    // As the cluster's own manifests do.
    await grant("bootstrapper", "system:node-bootstrapper", "system:serviceaccounts:openshift-machine-config-operator");
    const may = async (...what: readonly string[]): Promise<boolean> =>
      (await host.kubectl(KUBELET, ["auth", "can-i", ...what, "--all-namespaces"])).ok;
    // The API server learns of the binding a while after it is created.
    await until("they may ask for certificates", () => may("create", "certificatesigningrequests"));
    for (const kind of ["nodes", "pods", "secrets", "configmaps"])
      for (const verb of ["get", "list", "create"]) expect(await may(verb, kind), `${verb} ${kind}`).toBe(false);
    expect((await host.kubectl(KUBELET, ["get", "secrets"])).text).toContain("Forbidden");
  });

  it("make a real kubelet the node that it asks to be, signed by the signer of the machine", async () => {
    const kubelet = host.path("kubelet.kubeconfig");
    // Without rotation it has its certificate before it looks for a container runtime, without which it ends then.
    const config = { apiVersion: "kubelet.config.k8s.io/v1beta1", kind: "KubeletConfiguration", rotateCertificates: false };
    await host.start("kubelet", [
      `--bootstrap-kubeconfig=${host.path(KUBELET)}`,
      `--kubeconfig=${kubelet}`,
      `--cert-dir=${host.path("kubelet-pki")}`,
      `--root-dir=${host.path("kubelet")}`,
      `--hostname-override=${NODE}`,
      `--config=${await host.file("kubelet.yaml", JSON.stringify(config))}`,
    ]);
    const name = await until("the kubelet asks for a certificate", async () => {
      const { ok, text } = await host.kubectl("user", ["get", "csr", "--output", "jsonpath={.items[0].metadata.name}"]);
      return ok && text !== "" ? text : undefined;
    });
    const { text } = await host.kubectl("user", ["get", "csr", name, "--output", "yaml"]);
    expect(parse(text)).toMatchObject({
      spec: {
        signerName: "kubernetes.io/kube-apiserver-client-kubelet",
        username: "system:serviceaccount:openshift-machine-config-operator:node-bootstrapper",
      },
    });
    expect(await host.kubectl("user", ["certificate", "approve", name])).toMatchObject({ ok: true });
    const node = await until("the kubelet has its own kubeconfig", async () => {
      const who = await whoami("kubelet.kubeconfig").catch(() => ({ username: undefined }));
      return who.username === undefined ? undefined : who;
    });
    expect(node).toMatchObject({ username: `system:node:${NODE}`, groups: expect.arrayContaining(["system:nodes"]) as string[] });
  });

  it("are believed by nobody who was signed by others", async () => {
    const { text } = await host.kubectl("user", ["config", "view", "--raw", "--output", "yaml"]);
    const own = parse(text) as { clusters: { cluster: Record<string, unknown> }[]; users: { user: Record<string, unknown> }[] };
    const encoded = (value: string): string => Buffer.from(value).toString("base64");
    const [cluster, user] = [own.clusters[0]?.cluster ?? {}, own.users[0]?.user ?? {}];
    const trusted = cluster["certificate-authority-data"];
    cluster["certificate-authority-data"] = encoded(await pem("aggregator-ca-bundle.crt"));
    await host.file("wrong-authority", JSON.stringify(own));
    expect((await host.kubectl("wrong-authority", ["get", "namespaces"])).text).toMatch(/certificate signed by unknown authority/);
    cluster["certificate-authority-data"] = trusted;
    user["client-certificate-data"] = encoded(await pem("aggregator-client.crt"));
    user["client-key-data"] = encoded(await pem("aggregator-client.key"));
    await host.file("wrong-client", JSON.stringify(own));
    expect((await host.kubectl("wrong-client", ["get", "namespaces"])).text).toMatch(/Unauthorized|must be logged in/);
  });
});

const review = (token: string): string =>
  JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token }, metadata: {} });
