import * as pulumi from "@pulumi/pulumi";
import { PLUGIN_VERSION } from "./resource/version.ts";

/** Each field as Pulumi takes it. */
export type Args<I> = { readonly [K in keyof I]: pulumi.Input<I[K]> };

/** Options with our plugin's version, so that the engine looks for no other. */
export const pinned = (options: pulumi.CustomResourceOptions | undefined): pulumi.CustomResourceOptions =>
  pulumi.mergeOptions({ version: PLUGIN_VERSION }, options);

/** Outputs start as undefined, so that Pulumi makes properties of them. */
export const unset = <K extends string>(...names: readonly K[]): Record<K, undefined> =>
  Object.fromEntries(names.map((name) => [name, undefined])) as Record<K, undefined>;
