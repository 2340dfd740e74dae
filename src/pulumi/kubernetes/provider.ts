import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider.js";

interface ClusterAccess {
  /** Text of a kubeconfig. Kept secret in the state. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Names the cluster: another kubeconfig for the same one replaces nothing. */
  readonly clusterIdentifier: string;
}

/**
 * The provider of everything that lies in the cluster. Objects of the same name that exist already (a controller's, or those
 * of a run that was killed) are taken over instead of refused, and ConfigMaps and Secrets are changed in place.
 */
export function kubernetesProvider(name: string, access: ClusterAccess, options: pulumi.ResourceOptions = {}): Provider {
  return new Provider(
    name,
    {
      kubeconfig: pulumi.secret(access.kubeconfig),
      clusterIdentifier: access.clusterIdentifier,
      enableServerSideApply: true,
      upsertExistingObjects: true,
      enableConfigMapMutable: true,
      enableSecretMutable: true,
    },
    pulumi.mergeOptions({ additionalSecretOutputs: ["kubeconfig"] }, options),
  );
}
