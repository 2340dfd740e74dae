import { startKubeControlPlane, WORKLOAD_CONTROLLERS, type KubeControlPlane, type KubeProgram } from "../kube-control-plane.ts";
import { createKubeApi, eventually, type KubeApi } from "../olm/kube-api.ts";
import type { Condition, KubeObject } from "../olm/objects.ts";
import { makeNode, setKvm, startKwok } from "../olm/nodes.ts";
import { repeat } from "../olm/rounds.ts";
import { createOperatorPods, exceptPodsOf, type Programs } from "../played-pods/index.ts";
import { playCdi, playHandlers, POD_STAGES } from "./played.ts";
import { createProcesses, type Processes } from "./processes.ts";
import { releaseManifest, type Version } from "./release.ts";

/**
 * A control plane with KubeVirt's own operator, API server and controller, which come up when their manifest is applied, as in a cluster; operators beside
 * it where they are wanted. Pods, nodes and virt-handler are played. Everything is on loopback, at fixed addresses: one at a time.
 */
export interface KubeVirtRig {
  readonly cluster: KubeControlPlane;
  readonly api: KubeApi;
  /** `kubevirt-operator.yaml` of the releases wanted, by version. */
  readonly manifests: ReadonlyMap<string, string>;
  readonly processes: Processes;
  /** All nodes have /dev/kvm from now on, or none has. */
  setKvm(present: boolean): Promise<void>;
  /** The last lines of what each program wrote, for a test that failed. */
  logs(lines?: number): Promise<string>;
  dispose(): Promise<void>;
}

const SERVICE_NETWORK = "127.40.0.0/16";
const NODES: Readonly<Record<string, string>> = { "master-0": "node-role.kubernetes.io/control-plane", "worker-0": "node-role.kubernetes.io/worker" };

/**
 * @param versions whose manifests are wanted
 * @param operators that are real besides, by their namespaces; CDI is played unless it is one
 */
export async function startKubeVirtRig(versions: readonly Version[], operators: Readonly<Record<string, Programs>> = {}): Promise<KubeVirtRig> {
  const manifests = new Map<string, string>();
  for (const version of versions) manifests.set(version, await releaseManifest(version));
  const cluster = await startKubeControlPlane({
    controllers: WORKLOAD_CONTROLLERS,
    scheduler: true,
    serviceNetwork: SERVICE_NETWORK,
    aggregation: true,
  });
  const end = new AbortController();
  const api = createKubeApi(cluster);
  const processes = createProcesses(cluster, api);
  const others = Object.entries(operators).map(([namespace, programOf]) => createOperatorPods(cluster, api, namespace, programOf));
  let rounds = Promise.resolve();
  const dispose = async (): Promise<void> => {
    end.abort();
    await rounds;
    await processes.dispose();
    for (const other of others) await other.dispose();
    await cluster.dispose();
  };
  try {
    const kwok = await startKwok(cluster, "kwok", exceptPodsOf(Object.keys(operators), POD_STAGES));
    for (const [name, role] of Object.entries(NODES)) await makeNode(api, name, { [role]: "" });
    await eventually("nodes are ready", async () =>
      (await api.list<KubeObject & { readonly status: { readonly conditions?: readonly Condition[] } }>("/api/v1/nodes")).every(({ status }) =>
        status.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"),
      )
        ? true
        : undefined,
    );
    const round = async (): Promise<void> => {
      await processes.reconcile();
      await playHandlers(api);
      if (operators["cdi"] === undefined) await playCdi(api);
      for (const other of others) await other.reconcile();
    };
    rounds = repeat(round, end.signal, cluster);
    return {
      cluster,
      api,
      manifests,
      processes,
      setKvm: (present) => setKvm(api, present),
      logs: async (lines = 25) => {
        const programs: readonly (readonly [string, KubeProgram])[] = [
          ["kwok", kwok],
          ...processes.programs(),
          ...others.flatMap((other) => [...other.programs()]),
        ];
        return (
          await Promise.all(
            programs.map(async ([name, program]) => `=== ${name}\n${(await program.log()).trimEnd().split("\n").slice(-lines).join("\n")}`),
          )
        ).join("\n");
      },
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
