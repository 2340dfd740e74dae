import { stringify } from "yaml";
import type { VSpherePlatformSpec } from "../../../config/platforms/vsphere/index.ts";
import type { Manifest } from "../../../pulumi/kubernetes/index.ts";
import { CLOUD_CONFIG, CONFIG_NAMESPACE, CREDENTIALS_SECRET, INFRASTRUCTURE } from "./names.ts";

/**
 * What the vSphere controller reads beside Machines: the accounts, and by way of the Infrastructure object the ports of the vCenters, and the
 * names of the tag categories that say where a machine is.
 */
export const vsphereObjects = (platform: VSpherePlatformSpec, namespace: string): readonly Manifest[] => [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: CONFIG_NAMESPACE } },
  cloudConfig(platform, namespace),
  infrastructure(),
  credentials(platform, namespace),
];

/** A secret. */
const credentials = ({ vcenters }: VSpherePlatformSpec, namespace: string): Manifest => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: CREDENTIALS_SECRET, namespace },
  type: "Opaque",
  data: Object.fromEntries(
    vcenters.flatMap(({ server, user, password }) => [
      [`${server}.username`, base64(user)],
      [`${server}.password`, base64(password)],
    ]),
  ),
});

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** As OpenShift's, but with certificates verified, and the accounts where they are here. */
function cloudConfig({ vcenters, failureDomains }: VSpherePlatformSpec, namespace: string): Manifest {
  const config = {
    // Without it nothing of the config is taken.
    global: { insecureFlag: false, secretName: CREDENTIALS_SECRET, secretNamespace: namespace },
    vcenter: Object.fromEntries(vcenters.map(({ server, port, datacenters }) => [server, { server, port, datacenters, insecureFlag: false }])),
    // In a single failure domain nobody needs to have tagged anything.
    ...(failureDomains.length > 1 ? { labels: { region: "openshift-region", zone: "openshift-zone" } } : {}),
  };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: CLOUD_CONFIG.name, namespace: CONFIG_NAMESPACE },
    data: { [CLOUD_CONFIG.key]: stringify(config) },
  };
}

/** No more than leads to the cloud config: it cannot even have all ports. */
const infrastructure = (): Manifest => ({
  apiVersion: "config.openshift.io/v1",
  kind: "Infrastructure",
  metadata: { name: INFRASTRUCTURE },
  spec: { cloudConfig: CLOUD_CONFIG, platformSpec: { type: "VSphere" } },
});
