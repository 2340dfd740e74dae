import { type ClusterSpec, type Identity, type MachinePlan, planMachines } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import { rendererOf } from "./distributions.ts";
import type { AssetContext, DistributionRenderer } from "./distribution-renderer.ts";
import { renderKubeconfig } from "./kubeconfig.ts";
import type { TemplateSource } from "./templates.ts";
import { renderTls, type KeyStore } from "./tls/index.ts";

/** What every rendering begins with. */
export interface ContextInput {
  readonly spec: ClusterSpec;
  readonly identity: Identity;
  readonly keys: KeyStore;
  readonly templates: TemplateSource;
  /** Default: as they are planned. */
  readonly machines?: readonly MachinePlan[];
  /** Default: the renderer of `spec.distribution`. */
  readonly renderer?: DistributionRenderer;
}

/** @throws InstallerError DISTRIBUTION_UNSUPPORTED, KEYS_INVALID */
export async function renderContext(input: ContextInput): Promise<{ readonly renderer: DistributionRenderer; readonly context: AssetContext }> {
  const { spec, identity, keys } = input;
  const renderer = input.renderer ?? rendererOf(spec);
  const tls = await renderTls(renderer.tlsTable, keys, { identity, spec });
  const context: AssetContext = {
    spec,
    identity,
    machines: input.machines ?? planMachines(spec, identity),
    tls,
    kubeconfigs: new Map(renderer.kubeconfigs.map((row) => [row.path, renderKubeconfig(row, spec, tls)])),
    templates: input.templates,
    ...kubeadminOf(renderer, keys),
  };
  return { renderer, context };
}

function kubeadminOf(renderer: DistributionRenderer, keys: KeyStore): Pick<AssetContext, "kubeadmin"> {
  if (!renderer.kubeadminPassword) return {};
  if (keys.kubeadmin === undefined) throw new InstallerError("KEYS_INVALID", "the key store has no kubeadmin password");
  return { kubeadmin: keys.kubeadmin };
}

/** What the first machine of a cluster starts with, and which pools follow it. */
export interface FirstMachine extends NonNullable<DistributionRenderer["inPlace"]> {
  /** Names of pools with a pointer. */
  readonly pools: readonly string[];
}

/**
 * @param inPlace for a machine that becomes a cluster by itself
 * @throws InstallerError CONFIG_INVALID without what that needs
 */
export function firstMachine(renderer: DistributionRenderer, spec: ClusterSpec, inPlace: boolean): FirstMachine {
  const pools = renderer.pools?.(spec) ?? [spec.pools.controlPlane, ...spec.pools.compute].map(({ name }) => name);
  if (!inPlace) return { file: "bootstrap.ign", ignition: (context) => renderer.bootstrapIgnition(context), pools };
  const disk = spec.openshift?.config.bootstrapInPlace?.installationDisk ?? "";
  if (renderer.inPlace === undefined || disk === "" || spec.pools.controlPlane.replicas !== 1)
    throw new InstallerError("CONFIG_INVALID", "the install-config describes no single node that installs itself", {
      value: "bootstrapInPlace",
      details: ["bootstrapInPlace: Required value: name the disk to install to, with one control-plane machine and distribution: openshift"],
    });
  return { ...renderer.inPlace, pools: pools.filter((name) => name !== spec.pools.controlPlane.name) };
}
