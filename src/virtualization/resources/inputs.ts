import { z } from "zod";
import { objectSchema, targetSchema } from "../observe/index.ts";

/** What every resource of virtualization takes. */
export const clusterInputs = z.strictObject({
  /** Names the cluster: another one means another resource. */
  infraID: z.string().min(1),
  /** Secret. Text of the admin kubeconfig. */
  kubeconfig: z.string().min(1),
  target: targetSchema,
  timeoutSeconds: z.number().positive(),
});
export type ClusterInputs = z.infer<typeof clusterInputs>;

/** Stands for what the wait depends on and that is made elsewhere: when it changes, it is waited for again. */
const revision = z.string();

/** Kinds that a wait asks for the condition Available alone. */
const COMPONENTS = ["kubeVirts", "cdis", "networkAddonsConfigs", "hostPathProvisioners"] as const;

/** `csv`: the version that was approved, where it is not left to OLM. */
export const operatorInputs = clusterInputs.extend({ csv: z.string().optional(), revision });
export const hyperConvergedInputs = clusterInputs.extend({ hyperConverged: objectSchema, version: z.string(), revision });
export const deploymentInputs = clusterInputs.extend({ deployments: z.array(objectSchema), revision });
export const componentInputs = clusterInputs.extend({
  component: z.enum(COMPONENTS),
  name: z.string().min(1),
  namespace: z.string().optional(),
  /** Of its operator, where the manifests that bring it say so. */
  version: z.string().optional(),
  revision,
});
/** Of a resource that an operator writes too; `keys`: JSON pointers of all that its spec will have. */
export const emptiedKeysInputs = clusterInputs.extend({
  component: z.enum([...COMPONENTS, "hyperConvergeds", "storageProfiles"]),
  name: z.string().min(1),
  namespace: z.string().optional(),
  keys: z.array(z.string()),
});
export const accelerationInputs = clusterInputs.extend({
  owner: objectSchema.extend({ kind: z.enum(["HyperConverged", "KubeVirt"]) }),
  revision,
});
export const workloadInputs = clusterInputs.extend({ strategy: z.enum(["BlockUninstallIfWorkloadsExist", "RemoveWorkloads"]) });

export type OperatorInputs = z.infer<typeof operatorInputs>;
export type HyperConvergedInputs = z.infer<typeof hyperConvergedInputs>;
export type DeploymentInputs = z.infer<typeof deploymentInputs>;
export type ComponentInputs = z.infer<typeof componentInputs>;
export type EmptiedKeysInputs = z.infer<typeof emptiedKeysInputs>;
export type AccelerationInputs = z.infer<typeof accelerationInputs>;
export type WorkloadInputs = z.infer<typeof workloadInputs>;
