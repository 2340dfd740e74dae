import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeControlPlane, KubeProgram } from "../../../helpers/kube-control-plane.ts";
import { MachineNamespace, startControllers } from "../../../helpers/machine-api.ts";
import { controllersAccess } from "../../../helpers/machine-api-access.ts";
import { PlayedActuator } from "../../../helpers/played-actuator.ts";

/** A namespace with an actuator and controllers of its own: what one test does to them, no other sees. */
export class Rig implements AsyncDisposable {
  readonly machines: MachineNamespace;
  readonly actuator: PlayedActuator;
  readonly #folder: string;
  readonly #kubeconfig: string;
  readonly #programs = new Map<string, KubeProgram>();

  private constructor(machines: MachineNamespace, actuator: PlayedActuator, folder: string, kubeconfig: string) {
    this.machines = machines;
    this.actuator = actuator;
    this.#folder = folder;
    this.#kubeconfig = kubeconfig;
  }

  static async create(kube: KubeControlPlane, namespace: string): Promise<Rig> {
    const machines = await MachineNamespace.create(kube, namespace);
    const kubeconfig = await kube.file(`${namespace}.kubeconfig`, await controllersAccess(kube, namespace));
    return new Rig(machines, await PlayedActuator.start(), await mkdtemp(join(tmpdir(), "virt-ipi-machines-")), kubeconfig);
  }

  statusSocket(name = "controllers"): string {
    return join(this.#folder, `${name}.sock`);
  }

  /** Starts the controllers, again after they were stopped. @param name of one of several */
  async start(name = "controllers", args: readonly string[] = []): Promise<void> {
    const program = await startControllers(this.machines.kube, `${this.machines.name}-${name}`, {
      kubeconfig: this.#kubeconfig,
      namespace: this.machines.name,
      statusSocket: this.statusSocket(name),
      args: ["--platform=actuator", `--actuator-socket=${this.actuator.socket}`, "--max-concurrent=10", ...args],
    });
    this.#programs.set(name, program);
  }

  /** As `kill -9` does. */
  async kill(name = "controllers"): Promise<void> {
    await this.program(name).stop();
  }

  program(name = "controllers"): KubeProgram {
    const program = this.#programs.get(name);
    if (program === undefined) throw new Error(`${name} was not started`);
    return program;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#programs.values()) await program.stop();
    await this.actuator[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
