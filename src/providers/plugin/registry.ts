import { bootstrapComplete } from "../cluster/bootstrap-complete.ts";
import { installComplete } from "../cluster/install-complete.ts";
import { baseImage } from "../kvm/base-image.ts";
import { machine } from "../kvm/machine.ts";
import { network } from "../kvm/network.ts";
import { storagePool } from "../kvm/storage-pool.ts";
import { volume } from "../kvm/volume.ts";
import { poweredOn } from "../vsphere/powered-on.ts";
import { template } from "../vsphere/template.ts";
import { identityProvider } from "../virtualization/identity-provider.ts";
import { installedVersion, leftovers, workloadGuard } from "../virtualization/removal.ts";
import {
  accelerationWait,
  catalogWait,
  componentWait,
  deploymentWait,
  hyperConvergedWait,
  installPlanApproval,
  operatorWait,
  storageWait,
} from "../virtualization/waits.ts";
import { anyResource, type AnyResource } from "../resource/resource.ts";

/** Everything that our provider can make, by type token. A new kind of resource is one line here. */
export const RESOURCES: ReadonlyMap<string, AnyResource> = new Map([
  ["virt-ipi:kvm:Network", anyResource(network)],
  ["virt-ipi:kvm:StoragePool", anyResource(storagePool)],
  ["virt-ipi:kvm:BaseImage", anyResource(baseImage)],
  ["virt-ipi:kvm:Volume", anyResource(volume)],
  ["virt-ipi:kvm:Machine", anyResource(machine)],
  ["virt-ipi:vsphere:Template", anyResource(template)],
  ["virt-ipi:vsphere:PoweredOn", anyResource(poweredOn)],
  ["virt-ipi:cluster:BootstrapComplete", anyResource(bootstrapComplete)],
  ["virt-ipi:cluster:InstallComplete", anyResource(installComplete)],
  ["virt-ipi:virtualization:Leftovers", anyResource(leftovers)],
  ["virt-ipi:virtualization:CatalogReady", anyResource(catalogWait)],
  ["virt-ipi:virtualization:InstalledVersions", anyResource(installedVersion)],
  ["virt-ipi:virtualization:InstallPlanApproval", anyResource(installPlanApproval)],
  ["virt-ipi:virtualization:OperatorReady", anyResource(operatorWait)],
  ["virt-ipi:virtualization:DeploymentsReady", anyResource(deploymentWait)],
  ["virt-ipi:virtualization:StorageReady", anyResource(storageWait)],
  ["virt-ipi:virtualization:ComponentReady", anyResource(componentWait)],
  ["virt-ipi:virtualization:HyperConvergedReady", anyResource(hyperConvergedWait)],
  ["virt-ipi:virtualization:Acceleration", anyResource(accelerationWait)],
  ["virt-ipi:virtualization:WorkloadGuard", anyResource(workloadGuard)],
  ["virt-ipi:virtualization:IdentityProvider", anyResource(identityProvider)],
]);
