import type { Distribution } from "../cluster-spec.ts";
import { walkSchema } from "../fields/walk.ts";
import { PLATFORMS } from "../platforms/supported.ts";
import { isRendered, RENDERED_DISTRIBUTIONS } from "../rendered-distributions.ts";
import { installConfigSchema } from "../schema/install-config.ts";
import type { Effect, KeyEffects } from "../fields/effect.ts";
import { entryOf } from "./index.ts";

export interface KeyEffectRow {
  /** `networking.clusterNetwork[].cidr` */
  readonly path: string;
  /** A few words a distribution, in the order of `distributions`. */
  readonly effects: readonly string[];
}

const DISTRIBUTIONS: readonly Distribution[] = ["kubernetes", "openshift", "okd"];

/** The effect of every key of the schema in words, in the order of the schema. */
export function keyEffects(): {
  readonly distributions: readonly Distribution[];
  readonly rendered: readonly Distribution[];
  readonly rows: readonly KeyEffectRow[];
} {
  const rows: KeyEffectRow[] = [];
  walkSchema(installConfigSchema, (path) => {
    const found = entryOf(path);
    if (found !== undefined) rows.push({ path, effects: DISTRIBUTIONS.map((distribution) => words(found.entry, distribution, found.path === path)) });
  });
  return { distributions: DISTRIBUTIONS, rendered: RENDERED_DISTRIBUTIONS, rows };
}

function words({ effects, platforms }: KeyEffects, distribution: Distribution, isOwn: boolean): string {
  const effect = effects[distribution];
  if (platforms === undefined || effect.is === "refused") return inWords(effect, distribution, isOwn);
  const names = PLATFORMS.filter(platforms.have).map(({ name }) => name);
  return `${inWords(effect, distribution, isOwn)} on ${names.join(", ")}${isOwn ? `; refused elsewhere: ${platforms.reason}` : ""}`;
}

/** The reason stands with the key that it is about, not again with each one below it. */
function inWords(effect: Effect, distribution: Distribution, isOwn: boolean): string {
  const because = (reason: string): string => (isOwn ? `: ${reason}` : "");
  switch (effect.is) {
    case "effective":
      return isRendered(distribution) ? `effective (${effect.where})` : "checked";
    case "only":
      return `only ${effect.values.map((value) => `\`${JSON.stringify(value)}\``).join(", ")}${because(effect.reason)}`;
    case "refused":
    case "ignored":
      return `${effect.is}${because(effect.reason)}`;
  }
}
