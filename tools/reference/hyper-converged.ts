import { hyperConvergedFields } from "../../src/config/index.ts";
import { code, page, table } from "./page.ts";

/** docs/reference/hyper-converged.md: every field of HyperConverged that is sent, with its source and version. */
export function hyperConvergedPage(): string {
  return page(
    "# What is sent to HyperConverged",
    "With source OLM, virt-ipi sends a HyperConverged of `hco.kubevirt.io/v1beta1` with what [install-config.yaml](install-config.md#virtualizationhyperconverged) asks for, and no other fields than these. A field that is not here is refused, with the nearest name; so is one that came with a later HCO than that of `startingCSV`.",
    "Source, by description, since OpenShift's own definition is in images that tests cannot pull: `api/v1beta1/hyperconverged_types.go` of kubevirt/hyperconverged-cluster-operator at each release from v1.2.0 to v1.18.1. Where a field is made of types of another API, those are of the version that HCO v1.18.1 is built with. [What tests play](played-parts.md) has HCO in the table.",
    table(
      ["field of `spec`", "key of install-config.yaml", "came with HCO", "types of"],
      hyperConvergedFields().map(({ field, gate, key, since, typedBy }) => [
        gate === undefined ? code(field) : `${code(field)}: ${gate}`,
        code(key),
        since,
        typedBy ?? "HCO",
      ]),
    ),
  );
}
