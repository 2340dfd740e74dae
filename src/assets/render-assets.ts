import type { AssetFile, AssetSet } from "./asset-set.ts";
import { ignitionText, parseIgnition } from "./ignition/index.ts";
import { ADMIN_KUBECONFIG, MACHINE_CONTROLLER_KUBECONFIG, renderKubeconfig } from "./kubeconfig.ts";
import { clusterConfig, manifestText, mergeUserManifests, type MergedManifests } from "./manifests/index.ts";
import type { MachineStart } from "./machine-ignition.ts";
import { machineTokens } from "./machine-token.ts";
import { makeMetadata, metadataText } from "./metadata.ts";
import { pointerIgnition } from "./pointer-ignition.ts";
import { type ContextInput, firstMachine, renderContext } from "./render-context.ts";
import { tlsPart } from "./tls/index.ts";

export interface AssetInput extends ContextInput {
  /** The user's install-config.yaml; its secrets do not get into any asset but those meant for them. */
  readonly installConfig: string;
  /** The platform's section of metadata.json. */
  readonly platformMetadata?: { readonly platform: string; readonly [key: string]: unknown };
  /** Manifests found on disk, and the hashes of those that the last run wrote, by path. */
  readonly manifestsOnDisk?: ReadonlyMap<string, string>;
  readonly manifestsWritten?: ReadonlyMap<string, string>;
  /** Host name or IP that auth/kubeconfig connects to, where `api.<domain>` does not resolve. */
  readonly apiAddress?: string;
  /** Pointers that the user has changed, by the name of the pool: Ignition configs as JSON. */
  readonly editedPointers?: ReadonlyMap<string, string>;
  /** For a machine that becomes a cluster by itself: its own config in place of those of the bootstrap and the control plane. */
  readonly inPlace?: boolean;
}

export interface RenderedAssets {
  /** Everything for the cluster folder. */
  readonly assets: AssetSet;
  /** How the user's manifests were taken into account. */
  readonly manifests: MergedManifests;
  /** For `machineIgnition`. */
  readonly start: MachineStart;
}

const PUBLIC = 0o644;
const SECRET = 0o600;

/**
 * Every asset of a cluster. Pure, and the same for the same input.
 * @throws InstallerError DISTRIBUTION_UNSUPPORTED, KEYS_INVALID, MANIFEST_INVALID, MANIFEST_DUPLICATE, CONFIG_INVALID without what `inPlace` needs
 */
export async function renderAssets(input: AssetInput): Promise<RenderedAssets> {
  const { spec, identity, keys } = input;
  const { renderer, context } = await renderContext(input);
  const { tls } = context;
  const rendered = new Map(
    [
      ...(renderer.ownClusterConfig === true ? [] : [clusterConfig(input.installConfig)]),
      ...renderer.manifests(context),
      ...[...(input.editedPointers ?? [])].flatMap(
        ([pool, text]) => renderer.pointerManifest?.(context, pool, parseIgnition(`${pool}.ign`, text)) ?? [],
      ),
    ].map((manifest) => [manifest.path, manifestText(manifest)]),
  );
  const merged = mergeUserManifests(rendered, input.manifestsOnDisk ?? new Map(), input.manifestsWritten ?? new Map());
  const machineConfigs = renderer.machineConfigs(context);
  const first = firstMachine(renderer, spec, input.inPlace === true);
  const bootstrap = first.ignition({ ...context, manifests: merged.manifests, secretManifests: merged.secret, machineConfigs });
  const tokens = renderer.tokenKey === undefined ? undefined : machineTokens(keys, renderer.tokenKey, identity);

  const files = new Map<string, AssetFile>();
  for (const [path, content] of merged.manifests) files.set(path, { content, mode: merged.secret.has(path) ? SECRET : PUBLIC });
  for (const row of renderer.kubeconfigs)
    if (row.path === ADMIN_KUBECONFIG || (row.path === MACHINE_CONTROLLER_KUBECONFIG && spec.machineManagement === "MachineSets"))
      files.set(row.path, { content: renderKubeconfig(row, spec, tls, input.apiAddress), mode: SECRET });
  if (context.kubeadmin !== undefined) files.set("auth/kubeadmin-password", { content: context.kubeadmin.password, mode: SECRET });
  for (const name of first.pools) {
    const pointer = pointerIgnition(spec, name, tlsPart(tls, "root-ca", "cert"), tokens?.({ pool: name }));
    files.set(`${name}.ign`, { content: ignitionText(pointer), mode: SECRET });
  }
  files.set(first.file, { content: ignitionText(bootstrap), mode: SECRET });
  // openshift-install keeps the platform's credentials in it.
  files.set("metadata.json", { content: metadataText(makeMetadata(spec, identity, input.platformMetadata)), mode: SECRET });
  return { assets: files, manifests: merged, start: { configs: machineConfigs, ...(tokens === undefined ? {} : { tokens }) } };
}
