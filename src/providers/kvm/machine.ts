import { createHash, randomUUID } from "node:crypto";
import { InstallerError, isInstallerError } from "../../errors/index.ts";
import { InitializationFailed, type Resource, type ResourceContext, type State } from "../../pulumi/index.ts";
import { chooseAcceleration } from "./acceleration.ts";
import { defineDomain, domainFacts, removeDomain, type DomainFacts } from "./domains.ts";
import type { Libvirt } from "./libvirt.ts";
import { libvirtOf } from "./provider-config.ts";
import { waitForAddress } from "./machine-address.ts";
import { createFiles, filePaths, removeFiles } from "./machine-files.ts";
import { machineInputs, type MachineInputs, type MachineOutputs } from "./machine-inputs.ts";
import { mayResize, resize, setPower } from "./machine-power.ts";
import { domainXml } from "./xml/domain-xml.ts";

const FIRST_BOOT_ONLY = "Ignition runs at the first boot only, so the change does not reach this machine; replace the machine to apply it";

/** A virtual machine: a libvirt domain with its Ignition and console log. Its disk is a Volume. */
export const machine: Resource<MachineInputs, MachineOutputs> = {
  inputs: machineInputs,
  changes: {
    name: "replace",
    infraID: "replace",
    role: "replace",
    macAddress: "replace",
    network: "replace",
    pool: "replace",
    diskPath: "replace",
    ignition: { ignore: FIRST_BOOT_ONLY },
    acceleration: { ignore: "applies to machines that are created again" },
    allowRestart: "ignore",
    cpus: "update",
    memoryMB: "update",
    address: "update",
    powerOn: "update",
  },
  secrets: ["ignition"],
  deleteBeforeReplace: true,
  refreshBeforeUpdate: true,
  predict: ({ name, role, macAddress, address }) => ({
    ...(name === undefined ? {} : { name }),
    ...(role === undefined ? {} : { role }),
    ...(macAddress === undefined ? {} : { macAddress }),
    ...(address === undefined ? {} : { address }),
  }),
  create: async (inputs, context) => {
    const libvirt = libvirtOf(context);
    // Trying costs less than asking first: few names are taken.
    const known = (await make(libvirt, inputs, randomUUID(), context)) ?? (await takeOver(libvirt, inputs, context));
    return { id: known.uuid, outputs: await withAddress(libvirt, inputs, known, context) };
  },
  read: async (id, state, context) => {
    const libvirt = libvirtOf(context);
    const found = await domainFacts(libvirt, id);
    return found === undefined ? undefined : asState(found, state);
  },
  mayUpdate: async (id, _old, inputs, context) => mayResize(await existingDomain(libvirtOf(context), id), inputs),
  update: async (id, _old, inputs, context) => {
    const libvirt = libvirtOf(context);
    const found = await existingDomain(libvirt, id);
    mayResize(found, inputs);
    await resize(libvirt, found, inputs, context);
    await setPower(libvirt, id, inputs.powerOn !== false, context);
    return await withAddress(libvirt, inputs, { uuid: found.uuid, acceleration: found.acceleration, running: inputs.powerOn !== false }, context);
  },
  delete: async (id, state, context) => {
    const libvirt = libvirtOf(context);
    context.progress.status(`removing machine ${state.inputs.name}`);
    await removeDomain(libvirt, id);
    await removeFiles(libvirt, state.inputs.pool, state.inputs.name);
  },
};

/**
 * The domain of this name that an interrupted run has left: it is created again, unless it runs.
 * @throws InstallerError NAME_TAKEN
 */
async function takeOver(libvirt: Libvirt, inputs: MachineInputs, context: ResourceContext): Promise<Known> {
  const existing = await existingDomain(libvirt, inputs.name);
  refuseForeign(inputs, existing);
  // A machine that the state has lost; it is taken on as it is.
  if (existing.running) return existing;
  const known = await make(libvirt, inputs, existing.uuid, context);
  if (known === undefined)
    throw new InstallerError("NAME_TAKEN", `another domain ${inputs.name} was created at this moment`, { value: existing.uuid });
  return known;
}

function refuseForeign(inputs: MachineInputs, existing: DomainFacts): void {
  if (existing.owner?.infraID !== inputs.infraID)
    throw new InstallerError("NAME_TAKEN", `a domain ${inputs.name} exists that is not of this cluster`, { value: existing.uuid });
  if (existing.running && (existing.macAddress !== inputs.macAddress || existing.diskPath !== inputs.diskPath))
    throw new InstallerError("NAME_TAKEN", `a running machine ${inputs.name} of this cluster has another disk or MAC address`, {
      value: existing.uuid,
    });
}

/**
 * All of it or nothing: what was begun is undone when a step fails or the run is cancelled.
 * @returns undefined, and nothing is made: there is another domain of this name
 */
async function make(libvirt: Libvirt, inputs: MachineInputs, uuid: string, context: ResourceContext): Promise<Known | undefined> {
  const acceleration = await chooseAcceleration(libvirt, inputs.acceleration, (message) => context.progress.status(message));
  try {
    context.progress.status(`creating machine ${inputs.name}`);
    // First, since its name decides whether the rest is ours to make.
    if (!(await defineDomain(libvirt, domainXml({ ...inputs, ...filePaths(inputs.diskPath, inputs), uuid, acceleration })))) return undefined;
    await createFiles(libvirt, inputs);
    if (inputs.powerOn !== false) await libvirt.virsh(["start", "--domain", uuid]);
    context.signal.throwIfAborted();
    return { uuid, acceleration, running: inputs.powerOn !== false };
  } catch (error) {
    const undo = libvirt.withoutSignal();
    await removeDomain(undo, uuid);
    await removeFiles(undo, inputs.pool, inputs.name);
    throw error;
  }
}

async function existingDomain(libvirt: Libvirt, id: string): Promise<DomainFacts> {
  const found = await domainFacts(libvirt, id);
  if (found === undefined)
    throw new InstallerError("LIBVIRT_FAILED", "the machine is gone", {
      value: id,
      advice: "Run `pulumi refresh`, then `pulumi up` creates it again.",
    });
  return found;
}

type Known = Pick<MachineOutputs, "uuid" | "acceleration" | "running">;

/** The outputs, after waiting for an address if the machine gets one that we do not decide. */
async function withAddress(libvirt: Libvirt, inputs: MachineInputs, known: Known, context: ResourceContext): Promise<MachineOutputs> {
  const outputs = outputsOf(inputs, known);
  if (inputs.address !== undefined || !known.running) return outputs;
  try {
    return { ...outputs, address: await waitForAddress(libvirt, known.uuid, inputs.macAddress, context) };
  } catch (error) {
    const late =
      isInstallerError(error) && error.id === "RESOURCE_TIMEOUT"
        ? new InstallerError("MACHINE_NO_ADDRESS", `${inputs.name} has no IP address yet`, { cause: error })
        : error;
    throw new InitializationFailed(known.uuid, { ...outputs }, late);
  }
}

function outputsOf(inputs: MachineInputs, { uuid, acceleration, running }: Known): MachineOutputs {
  return {
    name: inputs.name,
    uuid,
    role: inputs.role,
    macAddress: inputs.macAddress,
    address: inputs.address,
    running,
    acceleration,
    consoleLogPath: filePaths(inputs.diskPath, inputs).consoleLogPath,
    ignitionSha256: createHash("sha256")
      .update(inputs.ignition ?? "")
      .digest("hex"),
  };
}

/** What is there, in the terms of the inputs, so that an update corrects what differs: size and power. */
function asState(
  found: DomainFacts,
  state: State<MachineInputs, MachineOutputs> | undefined,
): State<MachineInputs, MachineOutputs> & { readonly id: string } {
  const known = state?.inputs;
  const powerOn = (known?.powerOn ?? true) === found.running ? known?.powerOn : found.running;
  const inputs: MachineInputs = {
    ...(known ?? {
      infraID: found.owner?.infraID ?? "",
      role: (found.owner?.role ?? "compute") as MachineInputs["role"],
      pool: found.owner?.infraID ?? "",
      network: { kind: found.network?.kind === "bridge" ? "bridge" : "network", name: found.network?.name ?? "" },
    }),
    name: found.name,
    cpus: found.cpus,
    memoryMB: found.memoryMB,
    macAddress: found.macAddress ?? known?.macAddress ?? "",
    diskPath: found.diskPath ?? known?.diskPath ?? "/",
    ...(powerOn === undefined ? {} : { powerOn }),
  };
  const outputs = {
    ...outputsOf(inputs, { uuid: found.uuid, acceleration: found.acceleration, running: found.running }),
    ...(state?.outputs.address === undefined ? {} : { address: state.outputs.address }),
  };
  return { id: found.uuid, inputs, outputs };
}
