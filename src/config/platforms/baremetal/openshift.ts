import type { ClusterSpec } from "../../cluster-spec.ts";
import type { OpenShiftPlatform, PlatformAssetInput } from "../openshift-platform.ts";
import { bootstrapFiles, bootstrapUnits, IRONIC } from "./bootstrap.ts";
import { KEPT_AS_GIVEN, keptConfig } from "./kept-config.ts";
import { baremetalManifests } from "./manifests.ts";
import type { BaremetalPlatformSpec } from "./spec.ts";

/** Only for a cluster on this platform. */
const own = ({ platform }: Pick<ClusterSpec, "platform">): BaremetalPlatformSpec => platform as BaremetalPlatformSpec;

/** What the assets of an OpenShift cluster have where it provisions hardware by itself. */
export const openshiftOnBaremetal: OpenShiftPlatform = {
  type: "BareMetal",
  platformSpec: ({ spec }) => ({ baremetal: addresses(spec) }),
  platformStatus,
  manifests: baremetalManifests,
  userDataName: (spec, pool) => (pool === "worker" && !own(spec).machineAPI ? `${pool}-user-data` : `${pool}-user-data-managed`),
  keptConfig,
  keptAsGiven: KEPT_AS_GIVEN,
  certificates: (spec) => {
    const { bootstrapProvisioningIP = "" } = own(spec).settings;
    return [{ name: IRONIC, file: `${IRONIC}/tls`, addresses: bootstrapProvisioningIP === "" ? [] : [bootstrapProvisioningIP] }];
  },
  bootstrapFiles,
  bootstrapUnits,
  metadata: (spec) => ({ libvirtURI: own(spec).settings.libvirtURI ?? "", bootstrapProvisioningIP: "", provisioningHostIP: "" }),
};

const addresses = ({ vips, networking }: ClusterSpec) => ({
  apiServerInternalIPs: vips.api,
  ingressIPs: vips.ingress,
  machineNetworks: networking.machineNetwork,
});

function platformStatus({ spec, contract }: PlatformAssetInput): Readonly<Record<string, unknown>> {
  const { loadBalancer, dnsRecordsType = "Internal" } = own(spec).settings;
  return {
    baremetal: {
      ...addresses(spec),
      apiServerInternalIP: spec.vips.api[0],
      ingressIP: spec.vips.ingress[0],
      ...(contract.dnsRecords ? { dnsRecordsType } : {}),
      ...(loadBalancer === undefined ? {} : { loadBalancer }),
    },
  };
}
