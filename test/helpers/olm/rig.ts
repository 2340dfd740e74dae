import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { run } from "../../../src/exec/index.ts";
import { ROOT } from "../../../setup/paths.ts";
import { freePorts } from "../free-ports.ts";
import { startKubeControlPlane, WORKLOAD_CONTROLLERS, type KubeControlPlane, type KubeProgram } from "../kube-control-plane.ts";
import { renderCatalog, type CatalogPackage } from "./catalog.ts";
import { KINDS } from "./hco.ts";
import { createKubeApi, eventually, type KubeApi } from "./kube-api.ts";
import { pathOf, type KubeObject } from "./objects.ts";
import { playCdi, playHandlers, POD_STAGES } from "../kubevirt/played.ts";
import { createProcesses, type Processes } from "../kubevirt/processes.ts";
import { createOperators, hcoWebhooks } from "./operators.ts";
import type { RealOperator } from "./real-operator.ts";
import { createWebhookServices } from "./services.ts";
import { makeNode, setKvm, startKwok } from "./nodes.ts";
import { repeat } from "./rounds.ts";
import { NODE_STAGES, OPERAND_STAGES, type Stage } from "./stages.ts";

export interface OlmRigOptions {
  readonly packages: readonly CatalogPackage[];
  /** The namespace whose catalogs serve the whole cluster. */
  readonly catalogNamespace?: string;
  readonly nodes?: number;
  /** After this time OLM gives up unpacking an image. */
  readonly unpackTimeout?: `${number}s`;
  /** Its programs run as processes wherever OLM installs it in the namespace `kubevirt`, at fixed addresses: one rig at a time. */
  readonly kubevirt?: RealOperator;
}

/** A control plane with the real OLM, a real catalog server, and kwok in the place of nodes. Everything is on loopback. */
export interface OlmRig {
  readonly cluster: KubeControlPlane;
  readonly api: KubeApi;
  /** `127.0.0.1:<port>`: for `spec.address` of a CatalogSource. */
  readonly catalogAddress: string;
  /** Programs of the operator that is real, if one is. */
  readonly processes: Processes | undefined;
  /** Serves other packages from now on, at the same address. */
  publish(packages: readonly CatalogPackage[]): Promise<void>;
  /** The catalog is gone, until `publish`. */
  stopCatalog(): Promise<void>;
  /** All nodes have /dev/kvm from now on, or none has. */
  setKvm(present: boolean): Promise<void>;
  /** The last lines of what each program wrote, for a test that failed. */
  logs(lines?: number): Promise<string>;
  dispose(): Promise<void>;
}

/** Where a test may listen without being root of the network: all of 127.0.0.0/8 is this machine. */
const SERVICE_NETWORK = "127.30.0.0/16";
const NODE_LABELS = { "node-role.kubernetes.io/worker": "" };
/** KubeVirt's own operator runs nowhere else, and its virt-handler says which nodes are schedulable. */
const CONTROL_PLANE = { "node-role.kubernetes.io/control-plane": "" };

export async function startOlmRig(options: OlmRigOptions): Promise<OlmRig> {
  const { packages, catalogNamespace = "openshift-marketplace", nodes = 2, unpackTimeout = "600s", kubevirt } = options;
  const cluster = await startKubeControlPlane({
    controllers: WORKLOAD_CONTROLLERS,
    scheduler: true,
    serviceNetwork: SERVICE_NETWORK,
    aggregation: kubevirt !== undefined,
  });
  const real = kubevirt === undefined ? [] : [KINDS.kubevirt.group];
  const end = new AbortController();
  const rounds: Promise<void>[] = [];
  const api = createKubeApi(cluster);
  const programs = new Map<string, KubeProgram>();
  const services = createWebhookServices(api, hcoWebhooks(api));
  const processes = kubevirt === undefined ? undefined : createProcesses(cluster, api);
  const dispose = async (): Promise<void> => {
    end.abort();
    await Promise.allSettled(rounds);
    await services.dispose();
    await processes?.dispose();
    await cluster.dispose();
  };
  const start = (name: string, program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void => {
    programs.set(name, cluster.run(name, program, args, env));
  };
  try {
    const kubeconfig = await cluster.file("rig.kubeconfig", cluster.kubeconfig);
    const folder = dirname(kubeconfig);
    await installCrds(api);
    for (const name of new Set(["olm", catalogNamespace]))
      await api.create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });

    const kwok = async (name: string, stages: readonly Stage[], ofNodes: boolean): Promise<void> => {
      programs.set(name, await startKwok(cluster, name, stages, ofNodes));
    };
    await kwok("kwok-nodes", kubevirt === undefined ? NODE_STAGES : POD_STAGES, true);
    for (let index = 0; index < nodes; index += 1)
      await makeNode(
        api,
        `worker-${index}`,
        kubevirt === undefined ? { ...NODE_LABELS, "kubevirt.io/schedulable": "true" } : { ...NODE_LABELS, ...CONTROL_PLANE },
      );

    const [catalogPort = 0] = await freePorts(1);
    const catalog = join(folder, "catalog");
    const stopCatalog = async (): Promise<void> => {
      await programs.get("opm")?.stop();
    };
    const publish = async (content: readonly CatalogPackage[]): Promise<void> => {
      await stopCatalog();
      await rm(catalog, { recursive: true, force: true });
      await mkdir(catalog, { recursive: true });
      await writeFile(join(catalog, "catalog.json"), renderCatalog(content));
      const quiet = ["--pprof-addr=", `--termination-log=${join(folder, "opm.end")}`];
      start("opm", "opm", ["serve", catalog, `--port=${catalogPort}`, ...quiet]);
      await eventually("the catalog server", async () => ((await accepts(catalogPort)) ? true : undefined), { seen: logs });
    };
    const logs = async (lines = 15): Promise<string> => {
      const texts = await Promise.all(
        [...programs, ...(processes?.programs() ?? [])].map(async ([name, program]) => `=== ${name}\n${lastLines(await program.log(), lines)}`),
      );
      return texts.join("\n");
    };
    await publish(packages);

    const env = { KUBECONFIG: kubeconfig };
    const catalogArgs = [`--namespace=${catalogNamespace}`, `--bundle-unpack-timeout=${unpackTimeout}`, "--debug"];
    start("catalog-operator", "catalog-operator", catalogArgs, { ...env, GLOBAL_CATALOG_NAMESPACE: catalogNamespace });
    start("olm-operator", "olm-operator", ["--namespace=olm", "--debug"], { ...env, OPERATOR_NAMESPACE: "olm", OPERATOR_NAME: "olm-operator" });

    const operators = createOperators(api, real, kubevirt === undefined ? [] : [kubevirt.priorityClass]);
    const stages = OPERAND_STAGES.filter(({ name, of }) => !real.includes(of.group) && (real.length === 0 || name !== "hyperconverged-complete"));
    const round = async (): Promise<void> => {
      await services.reconcile();
      if (processes !== undefined) {
        await processes.reconcile();
        await playCdi(api);
        await playHandlers(api);
      }
      // kwok ends at once when discovery does not list one of the kinds yet.
      if (programs.get("kwok-operands")?.running !== true && (await operandKindsExist(api))) await kwok("kwok-operands", stages, false);
      await operators.reconcile();
    };
    rounds.push(repeat(round, end.signal, cluster));
    return {
      cluster,
      api,
      catalogAddress: `127.0.0.1:${catalogPort}`,
      processes,
      publish,
      stopCatalog,
      setKvm: (present) => setKvm(api, present),
      logs,
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** OLM's CRDs, out of the Go module that the operators were built with. */
async function installCrds(api: KubeApi): Promise<void> {
  const { stdout } = await run("go", ["mod", "download", "-json", "github.com/operator-framework/api"], {
    cwd: join(ROOT, "tools/go/olm"),
    env: { GOFLAGS: "-mod=readonly", GOWORK: "off" },
  });
  const { Dir } = JSON.parse(stdout) as { readonly Dir: string };
  const files = (await readdir(join(Dir, "crds"))).filter((name) => name.endsWith(".yaml"));
  for (const file of files) {
    const definition = parse(await readFile(join(Dir, "crds", file), "utf8")) as KubeObject;
    await api.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
  }
  const paths = ["catalogsources", "clusterserviceversions", "installplans", "subscriptions"].map((kind) =>
    pathOf("operators.coreos.com", "v1alpha1", kind),
  );
  for (const path of paths) await eventually(path, () => api.get(`${path}?limit=1`));
}

async function operandKindsExist(api: KubeApi): Promise<boolean> {
  const kinds = await Promise.all(Object.values(KINDS).map(({ group, version, plural }) => api.get(`${pathOf(group, version, plural)}?limit=1`)));
  return kinds.every((kind) => kind !== undefined);
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const lastLines = (text: string, count: number): string => text.trimEnd().split("\n").slice(-count).join("\n");
