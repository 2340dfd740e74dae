import { stringify } from "yaml";
import { present } from "../../../optional.ts";
import type { PlatformAssetInput } from "../../openshift-platform.ts";
import type { VCenterSpec, VSpherePlatformSpec } from "../spec.ts";
import { nodeNetworking } from "./infrastructure.ts";

const CREDENTIALS = { secretName: "vsphere-creds", secretNamespace: "kube-system" } as const;
/** Categories of the tags by which the provider knows regions and zones. */
const LABELS = { zone: "openshift-zone", region: "openshift-region" } as const;

/** What the cloud provider of the cluster connects to. Source: the config of kubernetes/cloud-provider-vsphere, in its YAML form. */
export function cloudConfig(input: PlatformAssetInput): string {
  const config = input.contract.inventory.sparseCloudConfig ? sparse(input) : complete(input);
  return stringify(config, { lineWidth: 0, version: "1.1", indentSeq: false });
}

function sparse(input: PlatformAssetInput): object {
  const { vcenters, failureDomains } = input.spec.platform as VSpherePlatformSpec;
  const given = input.openshift.config.platform?.vsphere?.vcenters ?? [];
  const { cloudConfigNodes } = input.contract.inventory;
  return {
    global: { insecureFlag: true, ...CREDENTIALS },
    ...(failureDomains.length > 1 ? { labels: LABELS } : {}),
    ...(cloudConfigNodes ? { nodes: nodeAddresses(input) } : {}),
    vcenter: byServer(vcenters, ({ server, port, datacenters }, index) => ({
      datacenters,
      ...present("port", cloudConfigNodes ? given[index]?.port || undefined : port),
      server,
    })),
  };
}

function nodeAddresses(input: PlatformAssetInput): object {
  const { external, internal } = nodeNetworking(input);
  const text = (list: readonly string[] | undefined): string | undefined => (list === undefined ? undefined : list.join(","));
  return {
    ...present("excludeExternalNetworkSubnetCidr", text(external.excludeNetworkSubnetCidr)),
    ...present("excludeInternalNetworkSubnetCidr", text(internal.excludeNetworkSubnetCidr)),
    ...present("externalNetworkSubnetCidr", text(external.networkSubnetCidr)),
    ...present("externalVmNetworkName", external.network),
    ...present("internalNetworkSubnetCidr", text(internal.networkSubnetCidr)),
    ...present("internalVmNetworkName", internal.network),
  };
}

/** Every key of the provider's type, set or not. */
function complete({ spec }: PlatformAssetInput): object {
  const { vcenters, failureDomains } = spec.platform as VSpherePlatformSpec;
  const account = { user: "", password: "" };
  const connection = { soapRoundtripCount: 0, caFile: "", thumbprint: "" };
  return {
    global: {
      ...account,
      server: "",
      port: 0,
      insecureFlag: true,
      datacenters: [],
      ...connection,
      ...CREDENTIALS,
      secretsDirectory: "",
      apiDisable: false,
      apiBinding: "",
      ipFamily: [],
    },
    vcenter: byServer(vcenters, ({ server, port, datacenters }) => ({
      ...account,
      tenantref: "",
      server,
      port,
      insecureFlag: true,
      datacenters,
      ...connection,
      secretref: "",
      secretName: "",
      secretNamespace: "",
      ipFamily: [],
    })),
    labels: failureDomains.length > 1 ? LABELS : { zone: "", region: "" },
  };
}

const byServer = (vcenters: readonly VCenterSpec[], one: (vcenter: VCenterSpec, index: number) => object): Readonly<Record<string, object>> =>
  Object.fromEntries(vcenters.map((vcenter, index) => [vcenter.server, one(vcenter, index)]));
