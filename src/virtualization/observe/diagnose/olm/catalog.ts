import { fullName, nameOf, textAt } from "../../../../kube/index.ts";
import { SOON, type Cause } from "../../cause.ts";
import { all, called, find, type Seen } from "../../seen.ts";
import type { OlmTarget } from "../../target.ts";
import { podTrouble } from "../pods.ts";

export function catalogCauses(seen: Seen, { catalogSource, packageName }: OlmTarget): readonly Cause[] {
  const catalog = find(seen, "catalogSources", catalogSource.name, catalogSource.namespace);
  if (catalog === undefined) {
    const others = all(seen, "catalogSources").map(fullName);
    return [
      {
        id: "VIRT_CATALOG_MISSING",
        object: `CatalogSource ${catalogSource.namespace}/${catalogSource.name}`,
        message: `does not exist; there ${others.length === 0 ? "is none" : `are ${others.join(", ")}`}`,
        fix: `Give one that holds package ${packageName} under virtualization.catalogSource.`,
        patienceMs: SOON,
      },
    ];
  }
  const state = textAt(catalog, "status", "connectionState", "lastObservedState");
  if (state === "READY") return [];
  const pods = all(seen, "pods").filter((pod) => pod.metadata?.labels?.["olm.catalogSource"] === nameOf(catalog));
  const trouble = pods.flatMap((pod) => podTrouble(pod) ?? [])[0];
  const address = textAt(catalog, "status", "connectionState", "address") || textAt(catalog, "spec", "address");
  return [
    {
      id: "VIRT_CATALOG_UNHEALTHY",
      object: called("catalogSources", catalog),
      message: `is not READY but ${state === "" ? "not connected yet" : state}${address === "" ? "" : ` (${address})`}${trouble === undefined ? "" : `; its pod: ${trouble.message}`}`,
      fix:
        trouble?.id === "VIRT_IMAGE_PULL"
          ? "Check the index image, the pull secret and the way to its registry; on OKD only images without pull secret can be used."
          : "Check that the catalog's pod runs and that its gRPC address can be reached from the cluster.",
    },
  ];
}
