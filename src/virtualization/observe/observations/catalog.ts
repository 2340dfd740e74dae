import { textAt, type Look } from "../../../kube/index.ts";
import { KINDS } from "../kinds.ts";
import type { OlmTarget } from "../target.ts";

/** The CatalogSource serves: OLM has a connection to it. */
export function catalogReady({ catalogSource }: OlmTarget): Look<{ readonly address: string }> {
  return async (client, signal) => {
    const catalog = await client.read(KINDS.catalogSources, catalogSource, signal);
    const state = textAt(catalog, "status", "connectionState", "lastObservedState");
    if (state === "READY") return { done: true, value: { address: textAt(catalog, "status", "connectionState", "address") } };
    const name = `CatalogSource ${catalogSource.namespace}/${catalogSource.name}`;
    return { done: false, reason: catalog === undefined ? `${name} does not exist` : `${name} is ${state === "" ? "not connected yet" : state}` };
  };
}
