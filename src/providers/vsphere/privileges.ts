import { type NamedObject, networkPath, type VSpherePlatformSpec } from "../../config/platforms/vsphere/index.ts";
import { KINDS } from "./object-kinds.ts";
import { failureDomainOf } from "./vsphere-spec.ts";

/** A kind of object that an account needs privileges on, with the name of the role that holds them. */
export interface PrivilegeGroup {
  readonly role: string;
  /** What the privileges are set on, for people. */
  readonly what: string;
  readonly privileges: readonly string[];
}

const CNS_AND_TAGS = [
  "Cns.Searchable",
  "InventoryService.Tagging.AttachTag",
  "InventoryService.Tagging.CreateCategory",
  "InventoryService.Tagging.CreateTag",
  "InventoryService.Tagging.DeleteCategory",
  "InventoryService.Tagging.DeleteTag",
  "InventoryService.Tagging.EditCategory",
  "InventoryService.Tagging.EditTag",
  "Sessions.ValidateSession",
  "StorageProfile.Update",
  "StorageProfile.View",
];

const MACHINES = [
  "InventoryService.Tagging.ObjectAttachable",
  "Resource.AssignVMToPool",
  "VApp.Import",
  ...[
    "AddExistingDisk",
    "AddNewDisk",
    "AddRemoveDevice",
    "AdvancedConfig",
    "Annotation",
    "CPUCount",
    "DiskExtend",
    "DiskLease",
    "EditDevice",
    "Memory",
    "RemoveDisk",
    "Rename",
    "ResetGuestInfo",
    "Resource",
    "Settings",
    "UpgradeVirtualHardware",
  ].map((name) => `VirtualMachine.Config.${name}`),
  ...["GuestControl", "PowerOff", "PowerOn", "Reset"].map((name) => `VirtualMachine.Interact.${name}`),
  ...["Create", "CreateFromExisting", "Delete"].map((name) => `VirtualMachine.Inventory.${name}`),
  ...["Clone", "DeployTemplate", "MarkAsTemplate"].map((name) => `VirtualMachine.Provisioning.${name}`),
];

/** What openshift-install checks for, object by object; source: openshift/installer docs/user/vsphere/privileges.md, by description. */
export const PRIVILEGES = {
  root: { role: "openshift-vcenter", what: "the vCenter itself", privileges: CNS_AND_TAGS },
  cluster: {
    role: "openshift-cluster",
    what: "the compute cluster",
    // The last is for anti-affinity rules and VM groups, which openshift-install makes in host-group zones only.
    privileges: [
      "Resource.AssignVMToPool",
      "VApp.AssignResourcePool",
      "VApp.Import",
      "VirtualMachine.Config.AddNewDisk",
      "Host.Inventory.EditCluster",
    ],
  },
  resourcePool: {
    role: "openshift-resource-pool",
    what: "the resource pool",
    privileges: ["Resource.AssignVMToPool", "VApp.AssignResourcePool", "VApp.Import", "VirtualMachine.Config.AddNewDisk"],
  },
  datastore: {
    role: "openshift-datastore",
    what: "the datastore",
    privileges: ["Datastore.AllocateSpace", "Datastore.Browse", "Datastore.FileManagement", "InventoryService.Tagging.ObjectAttachable"],
  },
  network: { role: "openshift-network", what: "the port group", privileges: ["Network.Assign"] },
  folder: { role: "openshift-folder", what: "the folder", privileges: MACHINES },
  datacenter: {
    role: "openshift-datacenter",
    what: "the datacenter, where the installer creates the folder",
    privileges: [...MACHINES, "Folder.Create", "Folder.Delete"],
  },
  /** To walk to what is below. */
  readOnly: { role: "ReadOnly", what: "the datacenter", privileges: ["System.Anonymous", "System.Read", "System.View"] },
} as const satisfies Record<string, PrivilegeGroup>;

/** One privilege set on one object. */
export interface Grant {
  /** vCenter's server. */
  readonly server: string;
  /** Inventory path; `/` is the vCenter. */
  readonly path: string;
  /** Set where only the name is known: the object is the one of that name and type below a place. */
  readonly named?: { readonly root: string; readonly type: string };
  readonly group: PrivilegeGroup;
  readonly propagate: boolean;
}

/** What an account needs where, for the failure domains given; each object once a group. */
export function grantsOf(platform: VSpherePlatformSpec, failureDomains: readonly string[]): readonly Grant[] {
  const grants = new Map<string, Grant>();
  const add = (server: string, path: string, group: PrivilegeGroup, propagate: boolean, named?: Grant["named"]): void =>
    void grants.set(`${server}${path}#${group.role}`, { server, path, group, propagate, ...(named === undefined ? {} : { named }) });
  for (const { server, topology } of failureDomains.map((name) => failureDomainOf(platform, name))) {
    const { datacenter, computeCluster, resourcePool, datastore, networks, folder } = topology;
    const named = (key: NamedObject, root: string): Grant["named"] =>
      topology.byName?.includes(key) === true ? { root: `/${datacenter}/${root}`, type: KINDS[key].types[0] } : undefined;
    const ownPool = resourcePool !== `${computeCluster}/Resources`;
    add(server, "/", PRIVILEGES.root, false);
    add(server, `/${datacenter}`, folder === undefined ? PRIVILEGES.datacenter : PRIVILEGES.readOnly, folder === undefined);
    add(server, computeCluster, PRIVILEGES.cluster, !ownPool, named("computeCluster", "host"));
    if (ownPool) add(server, resourcePool, PRIVILEGES.resourcePool, true, named("resourcePool", "host"));
    add(server, datastore, PRIVILEGES.datastore, false, named("datastore", "datastore"));
    for (const network of networks)
      add(
        server,
        networkPath(topology, network),
        PRIVILEGES.network,
        false,
        network.includes("/") ? undefined : { root: `/${datacenter}/network`, type: KINDS.network.types[0] },
      );
    if (folder !== undefined) add(server, folder, PRIVILEGES.folder, true, named("folder", "vm"));
  }
  return [...grants.values()];
}
