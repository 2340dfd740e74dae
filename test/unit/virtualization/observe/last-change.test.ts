import { describe, expect, it } from "vitest";
import { componentReady, hyperConvergedReady, KINDS, steady, type KindName } from "../../../../src/virtualization/observe/index.ts";
import { type FakeCluster, healthyCluster, NS } from "../../../helpers/virtualization.ts";
import { FakeClock } from "../../kube/fixtures.ts";

describe("what is well, and has not finished its last change", () => {
  const labels = (operator: string) => ({ "app.kubernetes.io/managed-by": operator });
  const rolling = { spec: { replicas: 1 }, status: { observedGeneration: 1, replicas: 2, readyReplicas: 1, updatedReplicas: 1 } };
  const old = { status: { desiredNumberScheduled: 2, numberReady: 2, updatedNumberScheduled: 1 } };
  const stopped = { spec: { replicas: 1 }, status: { observedGeneration: 1 } };
  const OPERATORS = [
    ["kubeVirts", "kubevirt-kubevirt-hyperconverged", "virt-operator", "virt-operator"],
    ["cdis", "cdi-kubevirt-hyperconverged", "cdi-operator", "cdi-operator"],
    ["networkAddonsConfigs", "cluster", "cnao-operator", "cluster-network-addons-operator"],
    ["hostPathProvisioners", "hostpath-provisioner", "hostpath-provisioner-operator", "hostpath-provisioner-operator"],
  ] as const;
  const CHANGES: readonly (readonly [string, KindName, object, string])[] = [
    ["an old pod of a Deployment", "deployments", rolling, "part (1 of the old version still there)"],
    ["an old pod of a DaemonSet", "daemonSets", old, "part (1 of 2 of the new version)"],
  ];

  describe.each(OPERATORS)("%s %s", (kind, name, label, deployment) => {
    const waiting = async (cluster: FakeCluster): Promise<readonly (string | undefined)[]> => {
      const namespace = kind === "kubeVirts" ? { namespace: NS } : {};
      const component = await componentReady(KINDS[kind], { name, ...namespace })(cluster.client(), undefined);
      const whole = await hyperConvergedReady({ namespace: NS, name: "kubevirt-hyperconverged" }, undefined)(cluster.client(), undefined);
      return [component, whole].map((found) => (found.done ? undefined : found.reason));
    };
    const reasons = (text: string): readonly string[] => [text, text].map((reason) => `${KINDS[kind].kind} ${name} waits for ${reason}`);

    it.each(CHANGES)("with %s", async (_, of, fields, text) => {
      const cluster = healthyCluster();
      cluster.put(of, "part", { metadata: { labels: labels(label) }, ...fields }, NS);
      expect(await waiting(cluster)).toEqual(reasons(text));
      cluster.put(of, "part", { metadata: { labels: labels("somebody-else") }, ...fields }, NS);
      expect(await waiting(cluster)).toEqual([undefined, undefined]);
    });

    it("without its operator", async () => {
      const cluster = healthyCluster();
      cluster.put("deployments", deployment, stopped, NS);
      expect(await waiting(cluster)).toEqual(reasons(`${deployment} (0 of 1 ready)`));
    });

    it("and says itself that it has not seen it", async () => {
      const cluster = healthyCluster();
      const { status } = cluster.get(kind, name);
      cluster.change(kind, name, { metadata: { generation: 3 }, status: { ...(status as object), observedGeneration: 2 } });
      const text = `${KINDS[kind].kind} ${name}: its last change is not taken up yet`;
      expect(await waiting(cluster)).toEqual([text, text]);
    });
  });
});

describe("steady", () => {
  it("takes for done only what has held, and begins again with each other answer", async () => {
    const client = healthyCluster().client();
    const clock = new FakeClock();
    let answer = "";
    const look = steady(() => Promise.resolve(answer === "" ? { done: false, reason: "changing" } : { done: true, value: answer }), 15_000, clock);
    const after = async (seconds: number, found: string): Promise<string> => {
      await clock.sleep(seconds * 1_000);
      answer = found;
      const result = await look(client, undefined);
      return result.done ? result.value : result.reason;
    };
    const doubt = "looking whether the controllers have more to do";
    expect([await after(0, "old"), await after(14, "old")]).toEqual([doubt, doubt]);
    expect([await after(2, ""), await after(4, "old"), await after(14, "old"), await after(1, "old")]).toEqual(["changing", doubt, doubt, "old"]);
    expect([await after(1, "new"), await after(15, "new")]).toEqual([doubt, "new"]);
  });
});
