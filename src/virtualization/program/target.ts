import type { VirtualizationSpec } from "../../config/index.ts";
import type { Target } from "../observe/index.ts";
import { MANIFEST_NAMESPACES, SUBSCRIPTION, type ManifestPart } from "./names.ts";

const PARTS = Object.keys(MANIFEST_NAMESPACES) as readonly ManifestPart[];

/** What observers must know of an installation. */
export function targetOf({ operators, emulation }: VirtualizationSpec): Target {
  if (operators.source === "Manifests")
    return {
      source: "Manifests",
      namespaces: PARTS.filter((part) => operators[part] !== undefined).map((part) => MANIFEST_NAMESPACES[part]),
      emulation,
      bootSources: false,
    };
  const { namespace, packageName, channel, startingCSV, approval, catalogSource } = operators;
  return {
    source: "OLM",
    namespaces: [namespace],
    emulation,
    bootSources: operators.bootSources,
    olm: {
      subscription: SUBSCRIPTION,
      packageName,
      channel,
      ...(startingCSV === undefined ? {} : { startingCSV }),
      approval,
      catalogSource: { name: catalogSource.name, namespace: catalogSource.namespace },
    },
  };
}
