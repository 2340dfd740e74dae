import type { MachineApiNeeds } from "../../machine-api.ts";
import { CLOUD_CONFIG, CONFIG_NAMESPACE, INFRASTRUCTURE } from "./names.ts";

/** Of the Machine API's vSphere controller, as far as it is run here: without pools of addresses, which only have to be known. */
export const VSPHERE_NEEDS: MachineApiNeeds = {
  definitions: ["infrastructures.config.openshift.io", "ipaddressclaims.ipam.cluster.x-k8s.io", "ipaddresses.ipam.cluster.x-k8s.io"],
  rules: {
    cluster: [{ apiGroups: ["config.openshift.io"], resources: ["infrastructures"], resourceNames: [INFRASTRUCTURE], verbs: ["get"] }],
    machines: [
      // What a set's machines have, for an autoscaler that counts from zero.
      { apiGroups: ["machine.openshift.io"], resources: ["machinesets"], verbs: ["patch"] },
      // Looked for at each deletion.
      { apiGroups: ["ipam.cluster.x-k8s.io"], resources: ["ipaddressclaims"], verbs: ["list", "watch"] },
    ],
    namespaces: {
      [CONFIG_NAMESPACE]: [{ apiGroups: [""], resources: ["configmaps"], resourceNames: [CLOUD_CONFIG.name], verbs: ["get"] }],
    },
  },
};
