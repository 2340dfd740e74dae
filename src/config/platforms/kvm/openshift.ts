import { CAPABILITIES, capabilitiesOf, enabledCapabilities } from "../../fields/capability-names.ts";
import type { InstallConfig, Pool } from "../../install-config.ts";
import { invalid, type IssueDraft } from "../../issue.ts";
import type { RenderedAs } from "../openshift-platform.ts";

/** What nobody can do for these machines from within the cluster: OpenShift's Machine API would want a management controller for each. */
const MISSING = "MachineAPI";

/**
 * Hardware without capability MachineAPI: the one shape with VIPs and without management controllers that OpenShift accepts; see docs/adr/0020.
 * Nothing is provisioned, and what the machines are like is no part of it.
 */
export const kvmAsHardware: RenderedAs = {
  as: "baremetal",
  config: (config) => {
    const { apiVIPs, ingressVIPs, loadBalancer } = config.platform?.kvm ?? {};
    return {
      ...config,
      capabilities: config.capabilities ?? {
        baselineCapabilitySet: "None",
        additionalEnabledCapabilities: CAPABILITIES.filter((name) => name !== MISSING && capabilitiesOf("vCurrent").has(name)),
      },
      controlPlane: withoutSize(config.controlPlane),
      compute: config.compute.map(withoutSize),
      platform: {
        baremetal: { apiVIPs, ingressVIPs, provisioningNetwork: "Disabled", ...(loadBalancer === undefined ? {} : { loadBalancer }) },
      },
    };
  },
};

const withoutSize = ({ platform: _, ...pool }: Pool): Pool => pool;

/** What the user enables must be possible in that shape. */
export function kvmCapabilityRules(config: InstallConfig): readonly IssueDraft[] {
  const { baselineCapabilitySet, additionalEnabledCapabilities = [] } = config.capabilities ?? {};
  if (config.distribution === "kubernetes" || baselineCapabilitySet === undefined || !enabledCapabilities(config).has(MISSING)) return [];
  const message = `enables ${MISSING}, which needs hosts with management controllers, and virtual machines have none`;
  return baselineCapabilitySet === "None"
    ? [invalid("capabilities.additionalEnabledCapabilities", additionalEnabledCapabilities, message)]
    : [
        invalid(
          "capabilities.baselineCapabilitySet",
          baselineCapabilitySet,
          `${message}; use None and name the others, or leave capabilities out for all but that one`,
        ),
      ];
}
