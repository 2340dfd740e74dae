import { expect, it } from "vitest";
import { until } from "../../../helpers/machine-api.ts";
import type { Rig } from "./rig.ts";

/** How a Node and its Machine find each other. */
export function nodes(rig: () => Rig): void {
  it.each([
    ["its providerID", "linked-by-id", true],
    ["its address", "linked-by-address", false],
  ])("links a Node by %s, and gives it what the Machine says of it", async (_what, name, providerID) => {
    const { machines } = rig();
    await machines.createMachine(name, {
      metadata: { labels: { "node-role.kubernetes.io/infra": "" }, annotations: { "example.com/rack": "7" } },
      taints: [{ key: "dedicated", value: "infra", effect: "NoSchedule" }],
    });
    expect(await machines.running(name, { providerID })).toMatchObject({ status: { nodeRef: { kind: "Node", name } } });
    await until(`the Node ${name} has it`, async () => {
      const node = JSON.parse((await machines.kube.request("GET", `/api/v1/nodes/${name}`)).body) as {
        metadata: { labels?: Record<string, string>; annotations?: Record<string, string> };
        spec: { taints?: readonly { key: string }[] };
      };
      return (
        node.metadata.labels?.["node-role.kubernetes.io/infra"] === "" &&
        node.metadata.annotations?.["example.com/rack"] === "7" &&
        node.metadata.annotations["machine.openshift.io/machine"] === `${machines.name}/${name}` &&
        node.spec.taints?.some(({ key }) => key === "dedicated")
      );
    });
  });
}
