import * as pulumi from "@pulumi/pulumi";
import { ADMIN_KUBECONFIG, machineIgnition } from "../assets/index.ts";
import { plannedAddresses, reservedAddresses } from "../config/index.ts";
import { virtualization } from "../virtualization/index.ts";
import { run } from "../exec/index.ts";
import type { PlatformProgramOutput } from "../providers/index.ts";
import type { WaitArguments } from "../cluster/index.ts";
import { BootstrapComplete, InstallComplete } from "../cluster/sdk.ts";
import { type Args } from "../pulumi/sdk.ts";
import { findImage, type Image } from "./image.ts";
import { machineApiProgram } from "./machine-api-program.ts";
import { readManifests } from "./manifests.ts";
import type { PreparedCluster } from "./prepare.ts";
import type { Environment } from "../util/index.ts";

export interface ProgramOptions {
  readonly cluster: PreparedCluster;
  /** `infra`: the machines alone, nothing is waited for. */
  readonly mode: "full" | "infra";
  readonly image: Image;
  /** Whether the bootstrap machine shall exist. */
  readonly bootstrap: boolean;
  /** Informs the user of plain Pulumi that another `pulumi up` removes the bootstrap machine. */
  readonly announceBootstrap?: boolean;
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
}

/** What the stack exports. None of it is secret. */
export type ProgramOutputs = Readonly<Record<"infraID" | "kubeconfig" | "apiURL" | "machines" | "bootstrap", pulumi.Input<unknown>>>;

/**
 * The one program of a cluster: machines, the wait for bootstrapping, compute machines, the wait for the installation, and what is
 * deployed into the cluster then. Called inside the Pulumi runtime, by plain `pulumi up` and by the CLI alike.
 * @throws InstallerError of reading manifests
 */
export async function clusterProgram(options: ProgramOptions): Promise<ProgramOutputs> {
  const { cluster, mode } = options;
  const { spec, identity, folder, assets, start } = cluster;
  const manifests = await readManifests(mode === "full" ? spec.virtualization : undefined, options);
  const machines = cluster.machines.filter((machine) => machine.role !== "bootstrap" || options.bootstrap);
  let bootstrapComplete: BootstrapComplete | undefined;
  const made = await cluster.platform.program({
    run,
    env: options.env,
    signal: options.signal ?? new AbortController().signal,
    spec,
    identity,
    machines,
    planned: cluster.machines,
    ignition: (machine) => machineIgnition({ assets, spec, start, bootstrapping: options.bootstrap }, machine),
    clusterDir: folder.root,
    image: options.image,
    ...(mode === "infra"
      ? {}
      : {
          computeDependsOn: (sofar: PlatformProgramOutput["machines"]) => {
            bootstrapComplete = new BootstrapComplete(
              "bootstrap-complete",
              { ...waitArguments(cluster, spec.timeouts.bootstrap, sofar), markerPath: folder.bootstrapComplete },
              { dependsOn: resources(sofar) },
            );
            return [bootstrapComplete];
          },
        }),
  });
  if (mode === "full" && bootstrapComplete !== undefined) {
    const { complete } = bootstrapComplete;
    const created = await machineApiProgram({
      cluster,
      env: options.env,
      part: made.machineApi,
      // As soon as there is a control plane to ask for machines; unknown before.
      kubeconfig: pulumi.secret(complete.apply(() => assets.get(ADMIN_KUBECONFIG)?.content ?? "")),
      dependsOn: [bootstrapComplete, ...resources(made.machines)],
      deletedWith: bootstrapComplete,
    });
    const install = new InstallComplete("install-complete", waitArguments(cluster, spec.timeouts.install, made.machines), {
      dependsOn: [bootstrapComplete, ...resources(made.machines), ...created],
    });
    await deploy(cluster, install, manifests);
    if (options.announceBootstrap === true && options.bootstrap)
      install.urn.apply(
        () => void pulumi.log.info("The cluster is up. The bootstrap machine is no longer needed: the next `pulumi up` removes it.", install),
      );
  }
  const addresses = pulumi.output(Object.fromEntries(made.machines.map(({ name, address }) => [name, address as pulumi.Input<string>])));
  return {
    infraID: identity.infraID,
    kubeconfig: folder.kubeconfig,
    apiURL: `https://api.${spec.clusterDomain}:6443`,
    machines: addresses,
    bootstrap: options.bootstrap ? "present" : "removed",
  };
}

/** What lies in the cluster and not under it. It goes with the cluster: nothing is deleted one by one when that is destroyed. */
async function deploy({ spec, identity, assets }: PreparedCluster, install: InstallComplete, manifests: ReadonlyMap<string, string>): Promise<void> {
  if (spec.virtualization === undefined) return;
  const kubeconfig = assets.get(ADMIN_KUBECONFIG)?.content ?? "";
  await virtualization("virtualization", {
    spec: spec.virtualization,
    distribution: spec.distribution,
    infraID: identity.infraID,
    // Unknown until the cluster is complete, so that a preview asks no cluster that is not there yet.
    kubeconfig: pulumi.secret(install.complete.apply(() => kubeconfig)),
    timeoutMs: spec.timeouts.operators,
    manifests,
    dependsOn: [install],
    deletedWith: install,
  });
}

const resources = (made: PlatformProgramOutput["machines"]): pulumi.Resource[] => made.map(({ resource }) => resource as pulumi.Resource);

/** Everything the waits need, since the plugin reads no cluster folder. */
function waitArguments(cluster: PreparedCluster, timeoutMs: number, made: PlatformProgramOutput["machines"]): Args<WaitArguments> {
  const { spec, identity, machines, metadata, assets } = cluster;
  const planned = new Set(machines.flatMap((machine) => (plannedAddresses(machine).length > 0 ? machine.name : [])));
  const nodes = made.filter(({ role }) => role !== "bootstrap");
  const byName = (values: readonly (readonly [string, unknown])[]): pulumi.Output<Record<string, string>> =>
    pulumi.output(Object.fromEntries(values) as Record<string, pulumi.Input<string>>);
  return {
    infraID: identity.infraID,
    kubeconfig: assets.get(ADMIN_KUBECONFIG)?.content ?? "",
    clusterDomain: spec.clusterDomain,
    machineNetwork: [...spec.networking.machineNetwork],
    vips: [...spec.vips.api, ...spec.vips.ingress],
    reserved: [...reservedAddresses(spec)],
    // Also without the bootstrap machine the list stays the same, so that its removal changes nothing else.
    machines: machines.map(({ name, role, ipAddress }) => ({ name, role, ...(ipAddress === undefined ? {} : { address: ipAddress }) })),
    found: byName(nodes.filter(({ name }) => !planned.has(name)).map(({ name, address }) => [name, address])),
    ids: byName(nodes.map(({ name, id }) => [name, id])),
    timeoutSeconds: Math.ceil(timeoutMs / 1_000),
    // Where consoles cannot be read there is no use for it, and it may hold credentials.
    ...(cluster.platform.consoleOf === undefined ? {} : { consoles: metadata }),
  };
}

/** Where every machine comes from a template that exists already. */
const NO_IMAGE: Image = { path: "", sha256: "" };

/** The image that the cluster's platform section names. */
export function imageOf(
  cluster: PreparedCluster,
  options: {
    readonly env: Environment;
    readonly signal?: AbortSignal;
    readonly onProgress?: (reason: string) => void;
  },
): Promise<Image> {
  const { platform } = cluster.spec;
  if (!cluster.platform.image.isNeeded(cluster.spec)) return Promise.resolve(NO_IMAGE);
  const clusterOSImage = "clusterOSImage" in platform ? platform.clusterOSImage : undefined;
  return findImage({ clusterOSImage, format: cluster.platform.image.format, folder: cluster.folder, ...options });
}
