import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clusterConfig, coreDns, nodeRbac, type KubernetesObject } from "../../../src/assets/manifests/index.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { until } from "../../helpers/machine-api.ts";
import { makeSpec } from "../../unit/assets/spec.ts";

/** The API server's own range, so that it takes the address of the DNS Service. */
const spec = makeSpec(1, 1, { networking: { ...makeSpec(1, 1).networking, serviceNetwork: ["10.96.0.0/16"] } });
const PLURALS: Readonly<Record<string, string>> = {
  ClusterRole: "clusterroles",
  ClusterRoleBinding: "clusterrolebindings",
  ConfigMap: "configmaps",
  Deployment: "deployments",
  Service: "services",
  ServiceAccount: "serviceaccounts",
};

let cluster: KubeControlPlane;

beforeAll(async () => {
  cluster = await startKubeControlPlane();
  for (const manifest of [clusterConfig("apiVersion: v1\n"), nodeRbac(), coreDns(spec)])
    for (const object of manifest.objects) await cluster.create(`${pathOf(object)}?fieldValidation=Strict`, object);
});

afterAll(() => cluster?.dispose());

function pathOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const plural = PLURALS[kind];
  if (plural === undefined) throw new Error(`add the plural of ${kind}`);
  return [
    apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`,
    ...(metadata.namespace === undefined ? [] : ["namespaces", metadata.namespace]),
    plural,
  ].join("/");
}

/** As soon as the API server knows the manifests, which is a while after they are created. */
async function may(user: string, groups: readonly string[], resourceAttributes: object, awaited = false): Promise<boolean> {
  if (awaited) return await until("it may", () => may(user, groups, resourceAttributes));
  const review = await cluster.create("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: { user, groups, resourceAttributes },
  });
  return (review as { status: { allowed: boolean } }).status.allowed;
}

const csr = { group: "certificates.k8s.io", resource: "certificatesigningrequests" };

describe("our manifests on a real API server", () => {
  it("are taken with every field known, and the DNS Service has its address", async () => {
    const { status, body } = await cluster.request("GET", "/api/v1/namespaces/kube-system/services/kube-dns");
    expect(status).toBe(200);
    expect((JSON.parse(body) as { spec: { clusterIP: string } }).spec.clusterIP).toBe("10.96.0.10");
  });

  it("let the bootstrap client ask for a certificate and nothing else", async () => {
    const groups = ["system:bootstrappers", "system:authenticated"];
    expect(await may("system:bootstrap:virt-ipi", groups, { ...csr, verb: "create" }, true)).toBe(true);
    expect(await may("system:bootstrap:virt-ipi", groups, { ...csr, subresource: "approval", verb: "update" })).toBe(false);
    expect(await may("system:bootstrap:virt-ipi", groups, { ...csr, subresource: "nodeclient", verb: "create" })).toBe(false);
    expect(await may("system:bootstrap:virt-ipi", groups, { resource: "secrets", verb: "list" })).toBe(false);
  });

  it("let a node have its own certificate renewed, not a first one for another", async () => {
    const groups = ["system:nodes", "system:authenticated"];
    expect(await may("system:node:demo-master-0", groups, { ...csr, subresource: "selfnodeclient", verb: "create" }, true)).toBe(true);
    expect(await may("system:node:demo-master-0", groups, { ...csr, subresource: "nodeclient", verb: "create" })).toBe(false);
  });

  it("let CoreDNS watch what it serves", async () => {
    for (const [group, resource] of [
      ["", "services"],
      ["", "namespaces"],
      ["discovery.k8s.io", "endpointslices"],
    ] as const)
      expect(
        await may("system:serviceaccount:kube-system:coredns", ["system:serviceaccounts"], { group, resource, verb: "watch" }, true),
        resource,
      ).toBe(true);
    expect(await may("system:serviceaccount:kube-system:coredns", ["system:serviceaccounts"], { resource: "secrets", verb: "get" })).toBe(false);
  });
});
