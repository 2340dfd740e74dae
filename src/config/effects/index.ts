import type { Distribution } from "../cluster-spec.ts";
import type { InstallConfig } from "../install-config.ts";
import { forbidden, type IssueDraft } from "../issue.ts";
import type { PlatformConfig } from "../platforms/platform-config.ts";
import { PLATFORMS } from "../platforms/supported.ts";
import { byDistribution, type Effect, type EffectTable, effective, everywhere, type KeyEffects, refused } from "../fields/effect.ts";
import { NEUTRAL_EFFECTS } from "./neutral.ts";
import { isEmpty, valuesAt } from "./values.ts";

export type { Effect, Place } from "../fields/effect.ts";

/** What every key does, those of the platforms too. */
export const KEY_EFFECTS: EffectTable = PLATFORMS.reduce((table, platform) => ({ ...table, ...platformEffects(platform) }), NEUTRAL_EFFECTS);

function platformEffects(platform: PlatformConfig): EffectTable {
  const { name, makesMachines, poolSchema, effects = {} } = platform;
  const own: KeyEffects = makesMachines
    ? everywhere(effective("infrastructure"))
    : { ...byDistribution(refused("is a platform that distribution kubernetes cannot run on"), effective("infrastructure")), hasOwnRule: true };
  const pools: EffectTable = poolSchema === undefined ? {} : { [`controlPlane.platform.${name}`]: own, [`compute[].platform.${name}`]: own };
  return { [`platform.${name}`]: own, ...pools, ...effects };
}

/** The entry that decides about a key: its own, or that of the nearest key above it. */
export function entryOf(path: string): { readonly path: string; readonly entry: KeyEffects } | undefined {
  for (let at = path; at !== ""; at = parentOf(at)) {
    const entry = KEY_EFFECTS[at];
    if (entry !== undefined) return { path: at, entry };
  }
  return undefined;
}

/** `a.b[].c`, `a.b`, `a`: a list and its items are one key. */
const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("."))).replace(/\[\]$/, "");

/** What a key does in a cluster of a distribution on a platform. */
export function effectOn({ effects, platforms }: KeyEffects, distribution: Distribution, platform: PlatformConfig): Effect {
  return platforms === undefined || platforms.have(platform) || effects[distribution].is === "refused"
    ? effects[distribution]
    : refused(platforms.reason);
}

/** Better an error than a key that does nothing. Keys with a rule of their own are left to it. */
export function effectRules(config: InstallConfig): readonly IssueDraft[] {
  return Object.entries(KEY_EFFECTS).flatMap(([path, { effects, hasOwnRule }]) => {
    const effect = effects[config.distribution];
    if (hasOwnRule || (effect.is !== "refused" && effect.is !== "only")) return [];
    const taken = effect.is === "only" ? effect.values.map((value) => JSON.stringify(value)) : [];
    return valuesAt(config, path).flatMap(({ path: at, value }) =>
      isEmpty(value) || taken.includes(JSON.stringify(value)) ? [] : [forbidden(at, effect.reason)],
    );
  });
}

/** Keys that are accepted and do nothing. */
export function effectWarnings(config: InstallConfig): readonly IssueDraft[] {
  return Object.entries(KEY_EFFECTS).flatMap(([path, { effects }]) => {
    const effect = effects[config.distribution];
    return effect.is === "ignored" ? valuesAt(config, path).map(({ path: at }) => forbidden(at, effect.reason)) : [];
  });
}
