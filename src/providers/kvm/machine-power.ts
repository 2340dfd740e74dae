import { InstallerError } from "../../errors/index.ts";
import { poll } from "../../util/index.ts";
import type { ResourceContext } from "../../pulumi/index.ts";
import { domainFacts, powerOff, type DomainFacts } from "./domains.ts";
import type { Libvirt } from "./libvirt.ts";
import type { MachineInputs } from "./machine-inputs.ts";

const SHUTDOWN_LIMIT_MS = 120_000;

const sizeDiffers = (found: DomainFacts, inputs: MachineInputs): boolean => found.cpus !== inputs.cpus || found.memoryMB !== inputs.memoryMB;

/** @throws InstallerError MACHINE_RESTART_REFUSED if the new size needs a restart that nobody allowed */
export function mayResize(found: DomainFacts, inputs: MachineInputs): void {
  if (!found.running || !sizeDiffers(found, inputs) || inputs.role !== "control-plane" || inputs.allowRestart === true) return;
  const wanted = `${found.cpus} CPUs, ${found.memoryMB} MiB to ${inputs.cpus} CPUs, ${inputs.memoryMB} MiB`;
  throw new InstallerError("MACHINE_RESTART_REFUSED", `control-plane machine ${inputs.name} runs, and going from ${wanted} restarts it`, {
    value: inputs.name,
  });
}

/** Gives the machine its new size; one that runs is shut down for it, and left off for `setPower`. */
export async function resize(libvirt: Libvirt, found: DomainFacts, inputs: MachineInputs, context: ResourceContext): Promise<void> {
  if (!sizeDiffers(found, inputs)) return;
  if (found.running) await shutDown(libvirt, found.uuid, context);
  const [domain, kib] = [found.uuid, String(inputs.memoryMB * 1024)];
  await libvirt.virsh(["setvcpus", "--domain", domain, "--count", String(inputs.cpus), "--maximum", "--config"]);
  await libvirt.virsh(["setvcpus", "--domain", domain, "--count", String(inputs.cpus), "--config"]);
  await libvirt.virsh(["setmaxmem", "--domain", domain, "--size", kib, "--config"]);
  await libvirt.virsh(["setmem", "--domain", domain, "--size", kib, "--config"]);
}

export async function setPower(libvirt: Libvirt, domain: string, on: boolean, context: ResourceContext): Promise<void> {
  const found = await domainFacts(libvirt, domain);
  if (found === undefined || found.running === on) return;
  if (!on) return await shutDown(libvirt, domain, context);
  context.progress.status(`starting ${found.name}`);
  await libvirt.virsh(["start", "--domain", domain]);
}

/** Asks the guest to go down, and pulls the plug if it does not. */
async function shutDown(libvirt: Libvirt, domain: string, context: ResourceContext): Promise<void> {
  await libvirt.virsh(["shutdown", "--domain", domain]);
  const down = await poll(
    async () =>
      (await domainFacts(libvirt, domain))?.running === true
        ? { done: false as const, reason: "waiting for the machine to shut down" }
        : { done: true as const, value: true },
    {
      intervalMs: 1_000,
      timeoutMs: SHUTDOWN_LIMIT_MS,
      signal: context.signal,
      clock: context.clock,
      onWait: (reason) => context.progress.status(reason),
    },
  );
  if (down.outcome === "timeout") await powerOff(libvirt, domain);
}
