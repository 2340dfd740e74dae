import { anyResource, type AnyResource } from "../../pulumi/index.ts";
import { identityProvider } from "./identity-provider.ts";
import { installedVersion, leftovers, releasedKeys, workloadGuard } from "./removal.ts";
import {
  accelerationWait,
  catalogWait,
  componentWait,
  deploymentWait,
  emptiedKeys,
  hyperConvergedWait,
  installPlanApproval,
  operatorWait,
  storageWait,
} from "./waits.ts";

/** What our plugin waits for and guards in a cluster with virtualization, by type token. */
export const VIRTUALIZATION_RESOURCES: Readonly<Record<string, AnyResource>> = {
  "virt-ipi:virtualization:Leftovers": anyResource(leftovers),
  "virt-ipi:virtualization:CatalogReady": anyResource(catalogWait),
  "virt-ipi:virtualization:InstalledVersions": anyResource(installedVersion),
  "virt-ipi:virtualization:InstallPlanApproval": anyResource(installPlanApproval),
  "virt-ipi:virtualization:OperatorReady": anyResource(operatorWait),
  "virt-ipi:virtualization:DeploymentsReady": anyResource(deploymentWait),
  "virt-ipi:virtualization:EmptiedKeys": anyResource(emptiedKeys),
  "virt-ipi:virtualization:ReleasedKeys": anyResource(releasedKeys),
  "virt-ipi:virtualization:StorageReady": anyResource(storageWait),
  "virt-ipi:virtualization:ComponentReady": anyResource(componentWait),
  "virt-ipi:virtualization:HyperConvergedReady": anyResource(hyperConvergedWait),
  "virt-ipi:virtualization:Acceleration": anyResource(accelerationWait),
  "virt-ipi:virtualization:WorkloadGuard": anyResource(workloadGuard),
  "virt-ipi:virtualization:IdentityProvider": anyResource(identityProvider),
};
