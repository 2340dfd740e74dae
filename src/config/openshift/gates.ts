import type { ClusterSpec } from "../cluster-spec.ts";
import type { InstallConfig } from "../install-config.ts";
import { contractOf, type GateName } from "./contract.ts";
import { releaseOf } from "./release.ts";

type Given = Pick<InstallConfig, "release" | "featureSet" | "featureGates">;

/** What Go takes for a boolean. */
export function asBoolean(text: string): boolean | undefined {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true;
  return /^(?:0|f|F|FALSE|false|False)$/.test(text) ? false : undefined;
}

/** Single features as `featureGates` names them; those of another form are left out. */
export const namedGates = ({ featureGates = [] }: Pick<Given, "featureGates">): ReadonlyMap<string, boolean> =>
  new Map(
    featureGates.flatMap((text) => {
      const [name = "", word = ""] = text.split("=");
      const value = asBoolean(word);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );

/** Features that a cluster has on or off beyond its set, as OpenShift's objects name them. */
export interface CustomFeatures {
  readonly enabled?: readonly string[];
  readonly disabled?: readonly string[];
}

/** Null where the set does not let them be chosen. */
export function customFeatures({ openshift }: Pick<ClusterSpec, "openshift">): CustomFeatures | null {
  if (openshift?.config.featureSet !== "CustomNoUpgrade") return null;
  const gates = [...namedGates(openshift.config)];
  const of = (value: boolean): readonly string[] => gates.flatMap(([name, isOpen]) => (isOpen === value ? [name] : []));
  const [enabled, disabled] = [of(true), of(false)];
  return { ...(enabled.length === 0 ? {} : { enabled }), ...(disabled.length === 0 ? {} : { disabled }) };
}

/** True if the version, its feature set or the list of single features opens the gate. */
export function isGateOpen(config: Given, name: GateName): boolean {
  const state = contractOf(releaseOf(config).version).gates[name];
  if (state === undefined || state === "free") return state === "free";
  switch (config.featureSet) {
    case "CustomNoUpgrade":
      return namedGates(config).get(name) === true;
    case "DevPreviewNoUpgrade":
      return state !== "custom";
    case "TechPreviewNoUpgrade":
      return state === "preview" || state === "default";
    default:
      return state === "default";
  }
}

/** Why a key behind a closed gate is refused: the end of a message that begins with its path. */
export function closedText(config: Given, name: GateName): string {
  const { version } = releaseOf(config);
  const state = contractOf(version).gates[name];
  if (state === undefined) return `is not in version ${version}; later ones have it behind feature gate ${name}`;
  const single = `CustomNoUpgrade with featureGates [${name}=true]`;
  if (config.featureSet === "CustomNoUpgrade")
    return `is behind feature gate ${name}, which CustomNoUpgrade leaves closed; add ${name}=true to featureGates`;
  const set = state === "custom" ? "" : `${state === "developer" ? "DevPreviewNoUpgrade" : "TechPreviewNoUpgrade"}, or `;
  return `is behind feature gate ${name} in version ${version}; set featureSet ${set}${single}`;
}
