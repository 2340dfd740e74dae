import { z } from "zod";

const object = z.strictObject({ namespace: z.string().min(1), name: z.string().min(1) });

/** What an installation of virtualization is meant to be: `Target` of src/kube. */
const target = z.strictObject({
  source: z.enum(["OLM", "Manifests"]),
  namespaces: z.array(z.string()).min(1).readonly(),
  emulation: z.enum(["Auto", "On", "Off"]),
  bootSources: z.boolean(),
  olm: z
    .strictObject({
      subscription: z.string().min(1),
      packageName: z.string().min(1),
      channel: z.string().min(1),
      startingCSV: z.string().optional(),
      approval: z.enum(["Automatic", "Manual"]),
      catalogSource: object,
    })
    .optional(),
});

/** What every resource of virtualization takes. */
export const clusterInputs = z.strictObject({
  /** Names the cluster: another one means another resource. */
  infraID: z.string().min(1),
  /** Secret. Text of the admin kubeconfig. */
  kubeconfig: z.string().min(1),
  target,
  timeoutSeconds: z.number().positive(),
});
export type ClusterInputs = z.infer<typeof clusterInputs>;

/** Stands for what the wait depends on and that is made elsewhere: when it changes, it is waited for again. */
const revision = z.string();

/** `csv`: the version that was approved, where it is not left to OLM. */
export const operatorInputs = clusterInputs.extend({ csv: z.string().optional(), revision });
export const hyperConvergedInputs = clusterInputs.extend({ hyperConverged: object, version: z.string(), revision });
export const deploymentInputs = clusterInputs.extend({ deployments: z.array(object), revision });
export const componentInputs = clusterInputs.extend({
  component: z.enum(["kubeVirts", "cdis", "networkAddonsConfigs", "hostPathProvisioners"]),
  name: z.string().min(1),
  namespace: z.string().optional(),
  revision,
});
export const accelerationInputs = clusterInputs.extend({
  owner: object.extend({ kind: z.enum(["HyperConverged", "KubeVirt"]) }),
  revision,
});
export const workloadInputs = clusterInputs.extend({ strategy: z.enum(["BlockUninstallIfWorkloadsExist", "RemoveWorkloads"]) });

export type OperatorInputs = z.infer<typeof operatorInputs>;
export type HyperConvergedInputs = z.infer<typeof hyperConvergedInputs>;
export type DeploymentInputs = z.infer<typeof deploymentInputs>;
export type ComponentInputs = z.infer<typeof componentInputs>;
export type AccelerationInputs = z.infer<typeof accelerationInputs>;
export type WorkloadInputs = z.infer<typeof workloadInputs>;
