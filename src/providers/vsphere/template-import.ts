import { InstallerError, isInstallerError, messageOf } from "../../errors/index.ts";
import { poll } from "../../util/index.ts";
import type { ResourceContext } from "../../pulumi/index.ts";
import { copyVerified } from "../verify-image.ts";
import { isNotFound, type Govc } from "./govc.ts";
import { pickHost } from "./hosts.ts";
import { collect, literal, referencesIn, referenceText } from "./inventory.ts";
import type { TemplateInputs } from "./template-inputs.ts";

/** The least virtual hardware that nodes need, as OpenShift asks for it: of ESXi 6.7 U2 and later. */
const LEAST_HARDWARE = 15;
/** An upload that moves nothing for so long is dead: vCenter itself gives its lease up after five minutes. */
const STALL_MS = 6 * 60_000;
/** How long vCenter may hold on to a machine whose upload was cut. */
const RELEASE_MS = 6 * 60_000;

/** Written into the machine before its disk arrives, so that whatever is left of it can be recognized as ours. */
const annotationOf = ({ infraID, sha256 }: TemplateInputs): string => `virt-ipi template of ${infraID}, sha256 ${sha256}`;

/** The infraID of one of our templates. */
export const ownerOf = (annotation: string): string | undefined => /^virt-ipi template of (\S+), sha256 /.exec(annotation)?.[1];

export const isTemplateOf = (annotation: string, inputs: TemplateInputs): boolean => annotation === annotationOf(inputs);

/**
 * Imports the OVA, and marks it as a template. All of it or nothing: what was begun is removed when a step fails or the run is cancelled.
 * @throws InstallerError IMAGE_UNREADABLE, IMAGE_CHECKSUM, OVA_UPLOAD_FAILED, VCENTER_…
 */
export async function importTemplate(govc: Govc, inputs: TemplateInputs, context: ResourceContext): Promise<void> {
  const path = `${inputs.folder}/${inputs.name}`;
  let begun = false;
  try {
    await copyVerified(inputs, context.signal, async (signal) => {
      const [options, host] = await Promise.all([importOptions(govc.withSignal(signal), inputs), pickHost(govc.withSignal(signal), inputs)]);
      begun = true;
      await upload(govc, inputs, { options, host }, { ...context, signal });
    });
    await raiseHardware(govc, path);
    if (inputs.nestedVirtualization === true) await govc.text(["vm.change", "-nested-hv-enabled=true", "-vm", literal(path)]);
    await govc.text(["vm.markastemplate", literal(path)]);
    for (const tag of inputs.tags) await govc.text(["tags.attach", tag, literal(path)]);
  } catch (error) {
    // A machine of this name is somebody's who was faster.
    if (!begun || (isInstallerError(error) && error.id === "NAME_TAKEN")) throw error;
    await removeImport(govc.withoutSignal(), path, context).catch((left: unknown) =>
      context.progress.warn(`${path} could not be removed: ${messageOf(left)}; the next run, or destroy, removes it`),
    );
    throw error;
  }
}

/** What `import.ova -options` takes, from what the OVA itself says. */
async function importOptions(govc: Govc, inputs: TemplateInputs): Promise<string> {
  const spec = (await govc.json<{ readonly NetworkMapping?: readonly { readonly Name: string }[] }>(["import.spec", inputs.source])) ?? {};
  const networks = spec.NetworkMapping ?? [];
  if (networks.length !== 1)
    throw new InstallerError("VSPHERE_TEMPLATE_UNFIT", `${inputs.source} has ${networks.length} networks; an image for nodes has one`, {
      value: inputs.source,
      advice: "Give the OVA of RHCOS, SCOS or of the node image under platform.vsphere.clusterOSImage.",
    });
  return JSON.stringify({
    Name: inputs.name,
    Annotation: annotationOf(inputs),
    ...(inputs.diskProvisioning === undefined ? {} : { DiskProvisioning: inputs.diskProvisioning }),
    NetworkMapping: networks.map(({ Name }) => ({ Name, Network: literal(inputs.network) })),
    PowerOn: false,
    MarkAsTemplate: false,
    InjectOvfEnv: false,
    WaitForIP: false,
  });
}

/** Uploads with the percentage in the resource's row. The bytes go straight to the ESXi host. */
async function upload(
  govc: Govc,
  inputs: TemplateInputs,
  { options, host }: { readonly options: string; readonly host: string },
  context: ResourceContext,
): Promise<void> {
  const { datacenter, resourcePool, datastore, folder, source, name } = inputs;
  const stalled = new AbortController();
  let percent = -1;
  let timer = setTimeout(() => stalled.abort(), STALL_MS);
  const onOutput = (text: string): void => {
    const now = percentIn(text);
    if (now === undefined || now === percent) return;
    percent = now;
    clearTimeout(timer);
    timer = setTimeout(() => stalled.abort(), STALL_MS);
    context.progress.status(`importing ${name} into ${datastore}: ${percent} %`);
  };
  context.progress.status(`importing ${name} into ${datastore}`);
  const places = { dc: `/${datacenter}`, pool: resourcePool, ds: datastore, folder, host };
  const place = Object.entries(places).flatMap(([flag, path]) => [`-${flag}`, literal(path)]);
  try {
    await govc
      .withSignal(AbortSignal.any([context.signal, stalled.signal]))
      .text(["import.ova", ...place, "-name", name, "-options", "-", source], { input: options, timeoutMs: 0, onOutput });
  } catch (error) {
    context.signal.throwIfAborted();
    throw uploadError(error, host, stalled.signal.aborted, Math.max(percent, 0));
  } finally {
    clearTimeout(timer);
  }
}

/** The last percentage in a piece of govc's terminal output. */
export function percentIn(text: string): number | undefined {
  const found = [...text.matchAll(/\((\d{1,3})%/g)].at(-1)?.[1];
  return found === undefined ? undefined : Number(found);
}

function uploadError(error: unknown, host: string, stalled: boolean, percent: number): unknown {
  if (stalled)
    return new InstallerError("OVA_UPLOAD_FAILED", `the upload to ${host} stalled at ${percent} % for ${STALL_MS / 60_000} minutes`, {
      value: host,
    });
  if (!isInstallerError(error)) return error;
  if (/already exists/i.test(error.message)) return new InstallerError("NAME_TAKEN", error.message, { value: host });
  // Path of the lease's URL on the host: what else fails is vCenter's. An answer before the last byte may crash govc, which then does not report it.
  if (error.message.includes("/nfc/") || error.message.startsWith("govc crashed: "))
    return new InstallerError("OVA_UPLOAD_FAILED", `the upload to ${host} stopped at ${percent} %: ${error.message}`, {
      value: host,
      cause: error.cause,
    });
  return error;
}

async function raiseHardware(govc: Govc, path: string): Promise<void> {
  const version = (await collect(govc, path, ["config.version"]))?.["config.version"];
  const number = Number(/^vmx-(\d+)$/.exec(String(version))?.[1] ?? Number.NaN);
  if (number < LEAST_HARDWARE) await govc.text(["vm.upgrade", "-version", String(LEAST_HARDWARE), "-vm", literal(path)]);
}

/**
 * Removes a machine that was imported, whole or in part. While vCenter still has the lease of a cut upload it refuses, so its task is cancelled
 * and the removal tried again.
 * @param object path or reference
 */
export async function removeImport(govc: Govc, object: string, { clock, progress }: Pick<ResourceContext, "clock" | "progress">): Promise<void> {
  const result = await poll(
    async () => {
      try {
        const tasks = referencesIn((await collect(govc, object, ["recentTask"]))?.["recentTask"]);
        for (const task of tasks) await govc.text(["task.cancel", referenceText(task)]).catch(() => undefined);
        await govc.text(["object.destroy", literal(object)], { timeoutMs: RELEASE_MS });
        return { done: true as const, value: undefined };
      } catch (error) {
        if (isNotFound(error)) return { done: true as const, value: undefined };
        if (!isInstallerError(error) || !isBusy(error.message)) throw error;
        return { done: false as const, reason: `waiting until vCenter releases ${object}: ${error.message}` };
      }
    },
    { intervalMs: 5_000, timeoutMs: RELEASE_MS, clock, onWait: (reason) => progress.status(reason) },
  );
  if (result.outcome === "timeout") throw new InstallerError("VCENTER_FAILED", result.lastReason, { value: object });
}

const isBusy = (message: string): boolean =>
  /in use|another task is already in progress|not allowed in the current state|InvalidState|locked/i.test(message);
