import { InstallerError } from "../../errors/index.ts";
import type { Resource, ResourceContext, State } from "../../pulumi/index.ts";
import { connect } from "./connect.ts";
import type { Govc } from "./govc.ts";
import { collect, textOf } from "./inventory.ts";
import { templateInputs, type TemplateInputs } from "./template-inputs.ts";
import { importTemplate, isTemplateOf, ownerOf, removeImport } from "./template-import.ts";

export interface TemplateOutputs {
  readonly name: string;
  /** Inventory path. */
  readonly path: string;
  /** BIOS UUID: what a clone names its template by. */
  readonly uuid: string;
  /** Managed object id. */
  readonly moid: string;
  /** Of the OVA that it was made from. */
  readonly sha256: string;
}

/** The OVA as a template in one failure domain. The official provider has nothing that makes one: its imports are always turned on. */
export const template: Resource<TemplateInputs, TemplateOutputs> = {
  inputs: templateInputs,
  changes: {
    name: "replace",
    infraID: "replace",
    datacenter: "replace",
    folder: "replace",
    computeCluster: "ignore",
    resourcePool: "ignore",
    datastore: "replace",
    network: "ignore",
    source: "ignore",
    sha256: { ignore: "the image has changed; this cluster keeps the template that it began with" },
    diskProvisioning: "ignore",
    nestedVirtualization: { ignore: "whether guests run virtual machines has changed; this cluster keeps the template that it began with" },
    tags: "ignore",
  },
  secrets: [],
  deleteBeforeReplace: true,
  refreshBeforeUpdate: true,
  predict: ({ name, folder, sha256 }) => ({
    ...(name === undefined ? {} : { name }),
    ...(name === undefined || folder === undefined ? {} : { path: `${folder}/${name}` }),
    ...(sha256 === undefined ? {} : { sha256 }),
  }),
  create: async (inputs, context) => {
    const govc = connect(context);
    const path = `${inputs.folder}/${inputs.name}`;
    const found = await look(govc, path);
    if (found !== undefined && ownerOf(found.annotation) !== inputs.infraID)
      throw new InstallerError("NAME_TAKEN", `there is a virtual machine ${path} that is not of this cluster`, { value: path });
    // One that a killed run has finished is taken over, one that it has not is created again.
    const whole = found?.template === true && isTemplateOf(found.annotation, inputs);
    if (found !== undefined && !whole) await removeImport(govc, path, context);
    if (!whole) await importTemplate(govc, inputs, context);
    return made(govc, inputs);
  },
  read: async (id, state, context) => await read(connect(context), id, state),
  // No change of an input calls for one.
  update: (_id, old) => Promise.resolve(old.outputs),
  delete: async (id, state, context) => await remove(id, state, context),
};

interface Found {
  readonly template: boolean;
  readonly annotation: string;
  readonly uuid: string;
  readonly moid: string;
}

/** @param object path or reference */
async function look(govc: Govc, object: string): Promise<Found | undefined> {
  const found = await collect(govc, object, ["config.template", "config.annotation", "config.uuid", "summary.vm"]);
  if (found === undefined) return undefined;
  const { value } = found["summary.vm"] as { value: string };
  return {
    template: found["config.template"] === true,
    annotation: textOf(found["config.annotation"]),
    uuid: textOf(found["config.uuid"]),
    moid: value,
  };
}

async function made(govc: Govc, inputs: TemplateInputs): Promise<{ readonly id: string; readonly outputs: TemplateOutputs }> {
  const path = `${inputs.folder}/${inputs.name}`;
  const found = await look(govc, path);
  if (found === undefined) throw new InstallerError("VCENTER_FAILED", `the template ${path} has vanished`, { value: path });
  return { id: found.moid, outputs: { name: inputs.name, path, uuid: found.uuid, moid: found.moid, sha256: inputs.sha256 } };
}

async function read(
  govc: Govc,
  id: string,
  state: State<TemplateInputs, TemplateOutputs> | undefined,
): Promise<State<TemplateInputs, TemplateOutputs> | undefined> {
  const found = await look(govc, `VirtualMachine:${id}`);
  if (found === undefined || state === undefined) return undefined;
  return { inputs: state.inputs, outputs: { ...state.outputs, uuid: found.uuid, moid: found.moid } };
}

async function remove(id: string, { inputs }: State<TemplateInputs, TemplateOutputs>, context: ResourceContext): Promise<void> {
  const govc = connect(context);
  const found = await look(govc, `VirtualMachine:${id}`);
  if (found === undefined) return;
  context.progress.status(`removing template ${inputs.name}`);
  await removeImport(govc, `VirtualMachine:${id}`, context);
}
