import { createHash, generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clusterMachineIgnition, signedTokens } from "../../src/assets/index.ts";
import { run as runProgram, type Runner } from "../../src/exec/index.ts";
import {
  startActuatorServer,
  type ActuatorAnswer,
  type ActuatorRequest,
  type ActuatorServer,
  type EndedCall,
  type Operation,
} from "../../src/machines/index.ts";
import { RESOURCES } from "../../src/plugin/registry.ts";
import type { Actuator, PlatformMetadata } from "../../src/providers/index.ts";
import type { Properties } from "../../src/pulumi/resource/values.ts";
import { systemClock } from "../../src/util/index.ts";
import type { LibvirtHost } from "../../tools/demo-host/index.ts";
import { ask } from "./actuator-client.ts";
import { kvmActuator } from "./kvm-actuator.ts";
import { libvirtNamespace } from "./libvirt-namespace.ts";
import { until } from "./machine-api.ts";
import { startProvider, type Made, type ProviderClient } from "./provider-client.ts";

/** A cluster's place on a real libvirt, as the installer makes it: network, pool and image, and an actuator for its Machines on a real socket. */
export class ActuatorSite {
  readonly infraID = "c-abcde";
  readonly domain = "c.example.com";
  readonly planned = `${this.infraID}-master-0`;
  readonly network: Properties = {
    name: this.infraID,
    infraID: this.infraID,
    bridge: "vi-abcde",
    domain: this.domain,
    gateway: "192.168.126.1",
    prefixLength: 24,
    dynamicRange: { first: "192.168.126.100", last: "192.168.126.254" },
    reservations: [{ name: this.planned, macAddress: "52:54:00:00:00:10", ipAddress: "192.168.126.10" }],
    records: [{ ipAddress: "192.168.126.5", hostnames: [`api.${this.domain}`, `api-int.${this.domain}`] }],
    wildcards: [{ name: `apps.${this.domain}`, ipAddress: "192.168.126.6" }],
  };
  readonly tokens = signedTokens(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(), this);
  /** The pointer as the Secret has it. */
  readonly userData = JSON.stringify({
    ignition: { version: "3.2.0", config: { merge: [{ source: "https://192.168.126.5:22623/config/worker" }] } },
  });
  readonly host: LibvirtHost;
  readonly client: ProviderClient;
  readonly folder: string;
  #made: Made | undefined;
  #server: ActuatorServer | undefined;

  private constructor(host: LibvirtHost, client: ProviderClient, folder: string) {
    this.host = host;
    this.client = client;
    this.folder = folder;
  }

  static async open(): Promise<ActuatorSite> {
    const host = await libvirtNamespace();
    const folder = await mkdtemp("/tmp/vt-files-");
    const site = new ActuatorSite(host, await startProvider({ uri: host.uri }, { resources: RESOURCES }), folder);
    site.#made = await site.client.create("virt-ipi:kvm:Network", site.network);
    await site.makePool(site.infraID);
    return site;
  }

  /** What the Network resource of the installer's state knows. */
  get networkOutputs(): Properties {
    return this.#made?.outputs ?? {};
  }

  /** A pool of that name with the cluster's image in it. */
  async makePool(name: string, path = `/var/lib/libvirt/images/virt-ipi/${name}`): Promise<void> {
    await this.client.create("virt-ipi:kvm:StoragePool", { name, path });
    const source = join(this.folder, "image.qcow2");
    await runProgram("qemu-img", ["create", "-q", "-f", "qcow2", source, "64M"]);
    const sha256 = createHash("sha256")
      .update(await readFile(source))
      .digest("hex");
    await this.client.create("virt-ipi:kvm:BaseImage", { name: `${this.infraID}-base.qcow2`, pool: name, source, sha256 });
  }

  get metadata(): PlatformMetadata {
    return { platform: "kvm", uri: this.host.uri, pool: this.infraID, poolOwned: true, network: this.infraID, machines: [this.planned] };
  }

  async actuator(change: { readonly run?: Runner; readonly allow?: Readonly<Record<string, readonly string[]>> } = {}): Promise<Actuator> {
    return await kvmActuator({
      infraID: this.infraID,
      metadata: this.metadata,
      run: runProgram,
      start: (userData, machine) => clusterMachineIgnition(userData, machine, { tokens: this.tokens, pools: new Set(["worker"]) }),
      ...change,
    });
  }

  get socketPath(): string {
    return join(this.folder, "run", "a.sock");
  }

  /** Serves an actuator in place of the one before. */
  async serve(actuator: Actuator, onCall?: (call: EndedCall) => void): Promise<void> {
    await this.#server?.stop(0);
    const options = { actuator, socketPath: this.socketPath, maxCreates: 4, clock: systemClock };
    this.#server = await startActuatorServer(onCall === undefined ? options : { ...options, onCall });
  }

  async ask(operation: Operation, machine: ActuatorRequest["machine"], userData = this.userData): Promise<ActuatorAnswer> {
    return await ask(this.socketPath, operation, { machine, ...(operation === "create" ? { userData } : {}) });
  }

  machine(name: string, spec: object = {}, change: { readonly uid?: string; readonly labels?: object } = {}): ActuatorRequest["machine"] {
    return {
      metadata: {
        name,
        namespace: "openshift-machine-api",
        uid: change.uid ?? randomUUID(),
        labels: {
          "machine.openshift.io/cluster-api-cluster": this.infraID,
          "machine.openshift.io/cluster-api-machine-role": "worker",
          ...change.labels,
        },
      },
      spec: {
        providerID: undefined,
        providerSpec: {
          value: {
            apiVersion: "kvm.virt-ipi.io/v1alpha1",
            kind: "KVMMachineProviderSpec",
            cpus: 1,
            memoryMB: 64,
            osDisk: { diskSizeGB: 1 },
            network: { kind: "network", name: this.infraID },
            pool: this.infraID,
            image: `${this.infraID}-base.qcow2`,
            userDataSecret: { name: "worker-user-data" },
            ...spec,
          },
        },
      },
      status: undefined,
    };
  }

  async virsh(...args: readonly string[]): Promise<string> {
    return (await runProgram("virsh", ["--quiet", "--connect", this.host.uri, ...args], { env: { LC_ALL: "C" } })).stdout.trim();
  }

  /** Defines a network by its document, and starts it. */
  async defineNetwork(xml: string): Promise<void> {
    const file = join(this.folder, "network.xml");
    await writeFile(file, xml);
    await this.virsh("net-define", file);
    await this.virsh("net-start", /<name>([^<]+)/.exec(xml)?.[1] ?? "");
  }

  /** A network beside the cluster's own. @param net the first three numbers of its addresses */
  async makeNetwork(name: string, net: string, prefixLength = 24): Promise<void> {
    const { dynamicRange: _range, ...inputs } = this.network;
    await this.client.create("virt-ipi:kvm:Network", {
      ...inputs,
      name,
      bridge: `vi-${name}`,
      domain: `${name}.example.com`,
      gateway: `${net}.1`,
      prefixLength,
      reservations: [],
      records: [],
      wildcards: [],
    });
  }

  /** Removes a domain by hand, whether it runs or not. */
  async vanish(name: string): Promise<void> {
    await this.virsh("destroy", name).catch(() => undefined);
    await this.virsh("undefine", name);
  }

  /** Ends libvirtd as a crash does; networks and machines run on. */
  async killLibvirt(): Promise<void> {
    process.kill(Number(await readFile(join(this.host.dir, "libvirtd.pid"), "utf8")), "SIGKILL");
    await until("libvirtd has ended", async () => !(await this.#answers()));
  }

  /** Starts libvirtd again after it was killed; its networks and machines have run on. */
  async restartLibvirt(): Promise<void> {
    const { dir } = this.host;
    const daemon = ["libvirtd", "--daemon", "--config", "/etc/libvirt/libvirtd.conf", "--pid-file", `${dir}/libvirtd.pid`];
    await this.host.exec(["unshare", "--mount", join(import.meta.dirname, "../../tools/demo-host/private-libvirt.sh"), dir, ...daemon]);
    await until("libvirtd answers", () => this.#answers());
  }

  async #answers(): Promise<boolean> {
    return await this.virsh("uri").then(
      () => true,
      () => false,
    );
  }

  poolFolder(name = this.infraID): string {
    return join(this.host.dir, "lib/images/virt-ipi", name);
  }

  /** All that is on the host beside what the installer made: names of domains and files, and the network's documents. */
  async world(): Promise<unknown> {
    const text = async (...flags: readonly string[]): Promise<readonly string[]> =>
      (await this.virsh("net-dumpxml", this.infraID, ...flags)).split("\n").filter((line) => /<host |<hostname>/.test(line));
    return {
      domains: (await this.virsh("list", "--all", "--name")).split("\n").filter(Boolean).toSorted(),
      files: (await readdir(this.poolFolder())).toSorted(),
      live: await text(),
      kept: await text("--inactive"),
    };
  }

  async close(): Promise<void> {
    await this.#server?.stop(0);
    this.client.close();
    await this.host.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }
}
