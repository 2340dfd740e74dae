import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MACHINE_CONTROLLER_USER } from "../../src/config/machine-plan.ts";
import { machineSet } from "../../src/machines/program/objects.ts";
import { CLUSTER_RULES, controllerRbac, NAMESPACE_RULES } from "../../src/machines/program/rbac.ts";
import { ActuatorSite } from "./actuator-site.ts";
import { cli, ENTRY, type CliOptions, type CliResult } from "./cli.ts";
import { startKubeControlPlane, type KubeControlPlane } from "./kube-control-plane.ts";
import { DELETING_CONTROLLERS } from "./kubernetes-plugin.ts";
import { createDefinitions, MachineNamespace, until, type Machine } from "./machine-api.ts";
import { untilAllowed } from "./permissions.ts";
import { machineSetsFolder, type MachineSetsFolder } from "./machine-sets-folder.ts";

const NAMESPACE = "openshift-machine-api";
const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const PATHS: Readonly<Record<string, string>> = {
  ClusterRole: `${RBAC}/clusterroles`,
  ClusterRoleBinding: `${RBAC}/clusterrolebindings`,
  Role: `${RBAC}/namespaces/${NAMESPACE}/roles`,
  RoleBinding: `${RBAC}/namespaces/${NAMESPACE}/rolebindings`,
};

/**
 * A cluster folder whose cluster is a real API on loopback, with a set of machines on a real libvirt that boot nothing, and the commands that act on
 * them: `virt-ipi machine-controller run` with the real controllers and its own user.
 */
export class ControllerSite {
  readonly kube: KubeControlPlane;
  readonly libvirt: ActuatorSite;
  readonly machines: MachineNamespace;
  readonly folder: MachineSetsFolder;
  /** Machines that have become nodes: their phase follows later. */
  readonly #joined = new Set<string>();
  readonly #controllers: { readonly child: ChildProcess; output: string }[] = [];

  private constructor(kube: KubeControlPlane, libvirt: ActuatorSite, machines: MachineNamespace, folder: MachineSetsFolder) {
    this.kube = kube;
    this.libvirt = libvirt;
    this.machines = machines;
    this.folder = folder;
  }

  /** @param annotations of the set's machines. @param userData in place of a pointer's text */
  static async open(annotations: Readonly<Record<string, string>> = {}, userData?: string): Promise<ControllerSite> {
    const [kube, libvirt] = await Promise.all([startKubeControlPlane({ controllers: [...DELETING_CONTROLLERS] }), ActuatorSite.open()]);
    await createDefinitions(kube);
    const machines = await MachineNamespace.create(kube, NAMESPACE);
    for (const { kind, ...object } of controllerRbac()) await kube.create(PATHS[kind] ?? "", { kind, ...object });
    await untilAllowed(kube, { user: MACHINE_CONTROLLER_USER, namespace: NAMESPACE }, NAMESPACE_RULES);
    await untilAllowed(kube, { user: MACHINE_CONTROLLER_USER }, CLUSTER_RULES);
    const { infraID } = libvirt;
    const data = { metadata: { name: "worker-user-data" }, stringData: { userData: userData ?? libvirt.userData } };
    await kube.create(`/api/v1/namespaces/${NAMESPACE}/secrets`, data);
    const folder = await machineSetsFolder({
      infraID,
      kubeconfig: kube.kubeconfig,
      changes: { "platform.kvm.uri": libvirt.host.uri, "controlPlane.replicas": 1 },
    });
    await mkdir(join(folder.root, "auth"), { recursive: true });
    await writeFile(join(folder.root, "auth/machine-controller.kubeconfig"), await kube.kubeconfigOf({ commonName: MACHINE_CONTROLLER_USER }), {
      mode: 0o600,
    });
    await copyFile(join(import.meta.dirname, "../golden/assets/fixture-keys.json"), folder.world.folder.keys);
    const size = { cpus: 1, memoryMB: 64, diskSizeGB: 1 };
    const set = machineSet(
      { name: `${infraID}-worker`, pool: { name: "worker", role: "compute", replicas: 0, ...size }, replicas: 0 },
      { identity: { infraID }, sets: [], providerSpec: () => libvirt.machine("any").spec.providerSpec?.value as Record<string, unknown> },
    ) as unknown as { spec: { template: { metadata: object } } };
    await kube.create(machines.path("machinesets"), {
      ...set,
      spec: { ...set.spec, template: { ...set.spec.template, metadata: { ...set.spec.template.metadata, annotations } } },
    });
    return new ControllerSite(kube, libvirt, machines, folder);
  }

  get setName(): string {
    return `${this.libvirt.infraID}-worker`;
  }

  /** Runs a command for the folder. */
  async cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
    return await cli([...args, "--dir", this.folder.root], options);
  }

  /** Starts `machine-controller run`. */
  async start(): Promise<ChildProcess> {
    const args = ["machine-controller", "run", "--dir", this.folder.root, "--log-level", "debug"];
    const child = spawn(ENTRY, args, { stdio: ["ignore", "pipe", "pipe"] });
    const one = { child, output: "" };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (one.output += data.toString()));
    await once(child, "spawn");
    this.#controllers.push(one);
    return child;
  }

  /** What all controllers of this test have printed. */
  printed(): string {
    return this.#controllers.map(({ output }) => output).join("\n");
  }

  /** Of `machine-controller status`, as JSON. */
  async status(): Promise<Readonly<Record<string, unknown>>> {
    const result = await this.cli(["machine-controller", "status", "--output", "json"]);
    if (result.code !== 0) throw new Error(`status: ${result.stdout}${result.stderr}`);
    return result.json().at(-1) ?? {};
  }

  /** Waits until a controller is ready and holds the Lease. */
  async untilReady(): Promise<Readonly<Record<string, unknown>>> {
    return await until("a controller is ready and acts", async () => {
      const status = (await this.status()) as { controllers: { running: boolean; ready: boolean }[]; lease?: { current?: boolean } };
      return status.controllers.some(({ running, ready }) => running && ready) && status.lease?.current === true ? { ...status } : undefined;
    });
  }

  async ofSet(): Promise<readonly Machine[]> {
    const selector = encodeURIComponent(`machine.openshift.io/cluster-api-machineset=${this.setName}`);
    const { body } = await this.kube.request("GET", `${this.machines.path("machines")}?labelSelector=${selector}`);
    return (JSON.parse(body) as { items: readonly Machine[] }).items;
  }

  /** Plays the kubelets: every machine of the set that is there becomes a Ready node, until `stop` is called. */
  joinAll(): { stop(): Promise<void> } {
    let running = true;
    const done = (async () => {
      while (running) {
        for (const machine of await this.ofSet().catch(() => [])) {
          const { name } = machine.metadata;
          if (machine.status?.phase !== "Provisioned" || this.#joined.has(name)) continue;
          this.#joined.add(name);
          await this.machines.join(machine);
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    })();
    return {
      stop: async () => {
        running = false;
        await done;
      },
    };
  }

  /** What the log file of the folder has. */
  async log(): Promise<string> {
    return await readFile(this.folder.world.folder.log, "utf8").catch(() => "");
  }

  async close(): Promise<void> {
    for (const { child } of this.#controllers) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    await this.kube.dispose();
    await this.libvirt.close();
    await this.folder.remove();
  }
}
