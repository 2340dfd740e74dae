import type { InstallConfig } from "../../install-config.ts";
import { type IssueDraft, required } from "../../issue.ts";
import { machineSize } from "../machine-size.ts";
import type { PlatformConfig } from "../platform-config.ts";

export const baremetal: PlatformConfig = {
  name: "baremetal",
  onPremises: true,
  vips: (config) => config.platform?.baremetal,
  rules: vipsGiven,
  platformSpec: () => ({ name: "baremetal" }),
  poolSize: (config) => machineSize(config.distribution),
};

/** OpenShift's installer can find them by DNS; this program wants them said. */
function vipsGiven(config: InstallConfig): readonly IssueDraft[] {
  const { apiVIPs = [], ingressVIPs = [] } = config.platform?.baremetal ?? {};
  const lists = { apiVIPs, ingressVIPs };
  return Object.entries(lists).flatMap(([key, list]) =>
    list.length === 0 ? [required(`platform.baremetal.${key}`, "give at least one address")] : [],
  );
}
