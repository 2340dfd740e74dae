import type { KubeControlPlane } from "../kube-control-plane.ts";
import type { KubeApi } from "../olm/kube-api.ts";
import { createKubelet, type Kubelet, type Programs } from "./kubelet.ts";
import { createServices } from "./services.ts";

export { exceptPodsOf, type Programs } from "./kubelet.ts";

/** Pods of the Deployments of an operator's namespace, and the Services in front of them. */
export function createOperatorPods(
  cluster: KubeControlPlane,
  api: KubeApi,
  namespace: string,
  programOf: Programs,
): Pick<Kubelet, "reconcile" | "programs" | "dispose"> {
  const kubelet = createKubelet(cluster, api, namespace, programOf);
  const services = createServices(api, namespace, kubelet);
  return {
    reconcile: async () => {
      await kubelet.reconcile();
      await services.reconcile();
    },
    programs: kubelet.programs,
    dispose: async () => {
      services.dispose();
      await kubelet.dispose();
    },
  };
}
