import { forbidden, invalid } from "../../issue.ts";
import { type Conversion, convertVips } from "../conversion.ts";
import { noCidr } from "./provisioning-rules.ts";
import type { BaremetalKeys } from "./spec.ts";

const PATH = "platform.baremetal";

/** Deprecated keys to the ones of today, and what can no longer be seen once the defaults are filled in. */
export function convertBaremetal(given: BaremetalKeys, log: Conversion): BaremetalKeys {
  const baremetal = convertVips(given, PATH, log);
  const { provisioningHostIP: old = "", clusterProvisioningIP = "", provisioningNetworkCIDR } = baremetal;
  // OpenShift cannot read the file then: unlike a text, a network that is not set has no empty form.
  if (provisioningNetworkCIDR === "") log.errors.push(noCidr(""));
  if (old === "") return baremetal;
  log.warnings.push(forbidden(`${PATH}.provisioningHostIP`, "is deprecated; use clusterProvisioningIP"));
  if (clusterProvisioningIP === "") {
    log.positions.moved(`${PATH}.clusterProvisioningIP`, `${PATH}.provisioningHostIP`);
    return { ...baremetal, clusterProvisioningIP: old };
  }
  if (clusterProvisioningIP !== old)
    log.errors.push(
      invalid(
        `${PATH}.provisioningHostIP`,
        old,
        "provisioningHostIP is deprecated and differs from clusterProvisioningIP; keep clusterProvisioningIP only",
      ),
    );
  return baremetal;
}
