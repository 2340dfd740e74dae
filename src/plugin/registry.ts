import { CLUSTER_RESOURCES } from "../cluster/resources/index.ts";
import { checkKvmConfig, KVM_RESOURCES } from "../providers/kvm/resources.ts";
import { VSPHERE_RESOURCES } from "../providers/vsphere/resources.ts";
import type { AnyResource } from "../pulumi/index.ts";
import { VIRTUALIZATION_RESOURCES } from "../virtualization/resources/index.ts";

/** Everything that our plugin can make, by type token. A new platform or capability is one line here. */
export const RESOURCES: ReadonlyMap<string, AnyResource> = new Map(
  [KVM_RESOURCES, VSPHERE_RESOURCES, CLUSTER_RESOURCES, VIRTUALIZATION_RESOURCES].flatMap((resources) => Object.entries(resources)),
);

/** What is wrong with the settings of an instance of our provider, whatever it is for. */
export const checkConfig = checkKvmConfig;
