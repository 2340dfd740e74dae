import { describe, expect, it } from "vitest";
import { coreDns, nodeRbac, type KubernetesObject } from "../../../../src/assets/manifests/index.ts";
import type { ClusterSpec } from "../../../../src/config/cluster-spec.ts";
import { makeSpec } from "../spec.ts";

type Deep = Record<string, never> & { [key: string]: Deep };
const object = (kind: string, spec: ClusterSpec = makeSpec(1, 1)): Deep =>
  coreDns(spec).objects.find((one: KubernetesObject) => one.kind === kind) as unknown as Deep;

describe("coreDns", () => {
  it.each([
    [1, 0, 1],
    [1, 1, 2],
    [3, 0, 2],
    [3, 2, 2],
  ])("has on %i + %i machines %i replicas", (masters, workers, replicas) => {
    expect(object("Deployment", makeSpec(masters, workers))["spec"]?.["replicas"]).toBe(replicas);
  });

  it("serves at the tenth address of the service network", () => {
    expect(object("Service")["spec"]).toMatchObject({ clusterIP: "172.30.0.10", clusterIPs: ["172.30.0.10"], ipFamilyPolicy: "SingleStack" });
    const networking = { ...makeSpec(1, 1).networking, serviceNetwork: ["172.30.0.0/16", "fd02::/112"] };
    expect(object("Service", makeSpec(1, 1, { networking }))["spec"]).toMatchObject({
      clusterIP: "172.30.0.10",
      clusterIPs: ["172.30.0.10", "fd02::a"],
      ipFamilyPolicy: "RequireDualStack",
    });
  });

  it("runs on control-plane machines and asks the node's resolvers", () => {
    const pod = object("Deployment")["spec"]?.["template"]?.["spec"];
    expect(pod?.["tolerations"]).toContainEqual({ key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" });
    expect(pod?.["dnsPolicy"]).toBe("Default");
  });

  it("selects the pods that it makes, by Deployment and by Service", () => {
    const deployment = object("Deployment")["spec"];
    expect(deployment?.["selector"]?.["matchLabels"]).toEqual(deployment?.["template"]?.["metadata"]?.["labels"]);
    expect(object("Service")["spec"]?.["selector"]).toEqual(deployment?.["template"]?.["metadata"]?.["labels"]);
  });

  it("probes the ports that its Corefile opens", () => {
    const corefile = String(object("ConfigMap")["data"]?.["Corefile"]);
    expect(corefile).toMatch(/health :8080/);
    expect(corefile).toMatch(/ready :8181/);
    expect(corefile).toMatch(/^ {4}loop$/m);
    expect(corefile).toMatch(/forward \. \/etc\/resolv\.conf/);
    expect(corefile).toMatch(/kubernetes cluster\.local/);
  });
});

it("nodes may ask for certificates and have their own renewed, no more", () => {
  expect(
    nodeRbac().objects.map((binding) => [(binding["subjects"] as { name: string }[])[0]?.name, (binding["roleRef"] as { name: string }).name]),
  ).toEqual([
    ["system:bootstrappers", "system:node-bootstrapper"],
    ["system:nodes", "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient"],
  ]);
});
