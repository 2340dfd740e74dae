/**
 * Every error that a user can meet: its exit-code class, one line of what it means, and what to do next.
 * `docs/reference/errors.md` is generated from this table.
 */

/** Process exit codes. The classes 3-8 are those of `openshift-install`; `validate` uses 3. */
export const EXIT = {
  ok: 0,
  other: 1,
  usage: 2,
  config: 3,
  infrastructure: 4,
  bootstrap: 5,
  install: 6,
  operators: 7,
  interrupted: 8,
} as const;

export type ExitClass = keyof typeof EXIT;

export interface CatalogueEntry {
  readonly exit: ExitClass;
  /** What went wrong, in one sentence without values. */
  readonly title: string;
  /** What the user does next. */
  readonly advice: string;
}

const entry = (exit: ExitClass, title: string, advice: string): CatalogueEntry => ({ exit, title, advice });

export const CATALOGUE = {
  INTERNAL: entry(
    "other",
    "virt-ipi met a condition that its authors did not foresee.",
    "Report it with the message and the log file of the cluster folder.",
  ),
  USAGE: entry("usage", "The command line is not understood.", "Run the command with --help."),
  INTERRUPTED: entry(
    "interrupted",
    "The run was interrupted.",
    "Run `virt-ipi resume` to go on, or `virt-ipi destroy cluster` to take down what exists.",
  ),
  EXEC_NOT_FOUND: entry(
    "infrastructure",
    "A program that virt-ipi needs is not installed.",
    "Run `npm run setup`, or install the program and have it on PATH.",
  ),
  EXEC_FAILED: entry("infrastructure", "A program that virt-ipi ran has failed.", "Read its message above; `virt-ipi doctor` checks the host."),
  EXEC_TIMEOUT: entry(
    "infrastructure",
    "A program that virt-ipi ran did not end in time.",
    "Check the load of the host; `virt-ipi doctor` checks the rest.",
  ),
  FILE_UNREADABLE: entry("config", "A file could not be read.", "Check its path and permissions."),
  FILE_UNWRITABLE: entry("other", "A file could not be written.", "Check the free space and the permissions of its folder."),
  OUTPUT_LOST: entry(
    "other",
    "What the command printed could not be written.",
    "Check the free space of where the output goes; what the command did is done, and running it again prints it again.",
  ),
  DISK_FULL: entry(
    "infrastructure",
    "There is no room on a disk of this host.",
    "Free space on the file system of the path named (`df -h PATH`), or raise the quota; then run again.",
  ),
  CONFIG_MISSING: entry("config", "There is no install-config.yaml.", "Run `virt-ipi create install-config`, or give the folder with --dir."),
  CONFIG_INVALID: entry("config", "The install-config is not valid.", "Correct each path listed; `virt-ipi explain PATH` tells its rules."),
  CONFIG_CHANGED: entry(
    "config",
    "The install-config has changed since the assets were made.",
    "Run again with --regenerate to make them again, or restore the file.",
  ),
  CLUSTER_LOCKED: entry(
    "other",
    "Another virt-ipi works in this cluster folder.",
    "Wait for it to end; the lock of one that is gone is taken over at once.",
  ),
  CLUSTER_UNKNOWN: entry("config", "The folder holds no cluster.", "Give the folder of the cluster with --dir."),
  FOLDER_UNSAFE: entry(
    "config",
    "Somebody else could replace what is written into the cluster folder, or lead it elsewhere.",
    "Give a folder that only you can write, or take the others' rights away: chmod go-w FOLDER.",
  ),
  IDENTITY_LOST: entry(
    "config",
    "The file that says which cluster the folder is of is missing or damaged.",
    "Copy .virt-ipi from the folder this one was copied from (`cp -a` takes it along) or from a backup; `virt-ipi destroy cluster` needs only metadata.json. If nothing of that cluster exists, remove metadata.json and .virt-ipi, and a new cluster can be made here.",
  ),
  IDENTITY_CONFLICT: entry(
    "config",
    "The folder holds files of two clusters.",
    "Keep the files of one cluster only, as the lines above say; nothing was written or removed.",
  ),
  METADATA_INVALID: entry(
    "config",
    "metadata.json does not describe a cluster, so nothing is looked for or removed by it.",
    "Restore metadata.json from a backup; with .virt-ipi and install-config.yaml in place, remove it and `virt-ipi create ignition-configs` writes it again.",
  ),
  POOL_FOLDER_REFUSED: entry(
    "config",
    "The folder of the storage pool is one of the system, whose mode, owner and files other programs need.",
    "Give a folder of the machines' own below it, such as /srv/virt-ipi.",
  ),
  OBJECT_NOT_OWNED: entry(
    "infrastructure",
    "An object does not carry the cluster's mark, so it is not removed.",
    "Remove it by hand if it is yours to remove.",
  ),
  TEMPLATE_INVALID: entry("other", "A template of virt-ipi does not fit its values.", "Restore the templates folder of this version, or report it."),
  IGNITION_CONFLICT: entry("other", "Two parts of an Ignition config claim the same thing.", "Give one of them another path or name."),
  IGNITION_INVALID: entry(
    "config",
    "An Ignition file in the cluster folder cannot be used.",
    "Correct the file, or remove it and run `virt-ipi create ignition-configs`.",
  ),
  KEYS_INVALID: entry(
    "config",
    "The saved keys of the cluster cannot be used.",
    "Restore .virt-ipi/keys.json from a backup; without it a running cluster cannot be continued, only destroyed.",
  ),
  MANIFEST_INVALID: entry(
    "config",
    "A manifest in the cluster folder cannot be read as Kubernetes objects.",
    "Correct the file; each document needs apiVersion, kind and metadata.name.",
  ),
  MANIFEST_DUPLICATE: entry("config", "Two manifests describe the same Kubernetes object.", "Remove or rename one of the two."),
  DISTRIBUTION_UNSUPPORTED: entry("config", "This distribution is not yet supported by this version of virt-ipi.", "Use `distribution: kubernetes`."),
  KUBECONFIG_INVALID: entry(
    "other",
    "The kubeconfig of the cluster cannot be used.",
    "Restore auth/kubeconfig, or make it again with `virt-ipi create ignition-configs`.",
  ),
  KUBE_UNREACHABLE: entry(
    "install",
    "The API server of the cluster does not answer.",
    "Check that the cluster runs and that this host reaches it; nothing in the state is lost, run it again.",
  ),
  KUBE_KIND_UNKNOWN: entry(
    "install",
    "The cluster does not know this kind of object.",
    "Make its CustomResourceDefinition, or the operator that brings it, first.",
  ),
  KUBE_CONFLICT: entry(
    "install",
    "Another manager owns fields of an object.",
    "Take the fields out of the program, leave them to the other with ignoreChanges, or take them over with the annotation pulumi.com/patchForce.",
  ),
  KUBE_EXISTS: entry(
    "install",
    "An object of this name exists already, and is not in the state.",
    "Import it, use a Patch resource, or let the provider take existing objects over with upsertExistingObjects.",
  ),
  KUBE_IMMUTABLE: entry(
    "install",
    "A field of an object cannot be changed once it is made.",
    "Undo the change, or have the object made again with replaceOnChanges.",
  ),
  KUBE_DENIED: entry("install", "An admission rule of the cluster refuses an object.", "Correct what the rule names, or change the rule."),
  KUBE_WEBHOOK_FAILED: entry(
    "install",
    "An admission webhook of the cluster does not answer.",
    "Check the pods and the endpoints behind the webhook's service; a webhook whose operator is gone has to be deleted.",
  ),
  KUBE_TOO_LARGE: entry(
    "install",
    "An object is larger than the cluster takes.",
    "Shorten it: of a CustomResourceDefinition the descriptions, of a ConfigMap the data. etcd takes 1.5 MiB unless its --max-request-bytes says more.",
  ),
  KUBE_REFUSED: entry("install", "The API server refuses an object.", "Correct what its message names."),
  KUBE_NOT_READY: entry(
    "install",
    "An object of the cluster did not become ready in time.",
    "Read the last cause; another run goes on waiting. The annotation pulumi.com/timeoutSeconds gives more time.",
  ),
  KUBE_DELETION_STUCK: entry(
    "install",
    "An object of the cluster is not gone in time.",
    "Look at the finalizers named: the controller that removes them has to run.",
  ),
  SETUP_PART_UNKNOWN: entry("usage", "The set-up has no part of that name.", "`npm run setup -- --list` shows the parts."),
  SETUP_PACKAGES_MISSING: entry("infrastructure", "Packages that virt-ipi needs are not installed.", "Install them, then run `npm run setup` again."),
  SETUP_BUILD_FAILED: entry(
    "infrastructure",
    "A part that has no official download here could not be built.",
    "Read the message above; `npm run setup -- --only PART` tries that part alone.",
  ),
  LIBVIRT_UNREACHABLE: entry(
    "infrastructure",
    "libvirt does not answer.",
    "Check that libvirtd runs, the URI under platform.kvm.uri, and your right to use it (group libvirt).",
  ),
  LIBVIRT_URI_REFUSED: entry(
    "config",
    "A connection URI of libvirt is of a kind that is not taken, since it could run programs or trust any server.",
    "Use qemu:///system, qemu:///session, qemu+ssh://USER@HOST/system, qemu+tls://HOST/system or qemu+unix:///system; VIRT_IPI_LIBVIRT_URI_PARAMETERS in the environment allows single parameters.",
  ),
  LIBVIRT_FAILED: entry("infrastructure", "libvirt refused an operation.", "Read its message above; `virt-ipi doctor` checks the host."),
  NAME_TAKEN: entry(
    "infrastructure",
    "Something that is not of this cluster has the name that we need.",
    "Rename or remove it, or give the cluster another name.",
  ),
  VCENTER_UNREACHABLE: entry(
    "infrastructure",
    "A vCenter does not answer.",
    "Check its name and port under platform.vsphere.vcenters, DNS, proxies and firewalls; `virt-ipi doctor` checks the rest.",
  ),
  VCENTER_LOGIN: entry(
    "infrastructure",
    "A vCenter refuses the user name or password.",
    "Correct user and password under platform.vsphere.vcenters; `destroy` has them from metadata.json, which `virt-ipi preview` writes again. They were tried once only, so that the account is not locked.",
  ),
  VCENTER_CERTIFICATE: entry(
    "infrastructure",
    "The certificate of a vCenter cannot be verified.",
    "Put the vCenter's CA (https://VCENTER/certs/download.zip) into additionalTrustBundle, and use the name that the certificate was made for.",
  ),
  VCENTER_PRIVILEGE: entry(
    "infrastructure",
    "The vCenter account lacks a privilege.",
    "Run `virt-ipi vsphere role`, which writes the least role that this cluster needs.",
  ),
  VCENTER_FAILED: entry("infrastructure", "A vCenter refused an operation.", "Read its message above; `virt-ipi doctor` checks the inventory."),
  VSPHERE_INVENTORY: entry(
    "infrastructure",
    "Something that the install-config names is not in the vCenter, or is something else than it should be.",
    "Correct the names and paths under platform.vsphere.failureDomains; `virt-ipi doctor` checks them.",
  ),
  OVA_UPLOAD_FAILED: entry(
    "infrastructure",
    "The OVA could not be uploaded to an ESXi host.",
    "The upload goes straight to a host: its name must resolve from here, port 443 be open and its CA be known (additionalTrustBundle). Run again to retry.",
  ),
  VSPHERE_TEMPLATE_UNFIT: entry(
    "infrastructure",
    "A template cannot be cloned into this cluster's machines.",
    "Give another template, or leave topology.template out to have one imported.",
  ),
  IGNITION_TOO_LARGE: entry(
    "config",
    "An Ignition config does not fit into the machine's guestinfo.",
    "Take large files out of manifests/ and openshift/, or let Ignition fetch them.",
  ),
  IMAGE_UNREADABLE: entry(
    "infrastructure",
    "The image of the machines cannot be read.",
    "Check the path under platform.kvm.clusterOSImage, or run `npm run setup`.",
  ),
  IMAGE_CHECKSUM: entry("infrastructure", "The image of the machines is not the one expected.", "Fetch or build it again, or correct its checksum."),
  VOLUME_SHRINK: entry("config", "A disk cannot be made smaller.", "Restore the size, or make the machine again."),
  MACHINE_RESTART_REFUSED: entry(
    "infrastructure",
    "The change needs a restart of a running machine that is not allowed.",
    "Set allowRestart for the machine, or shut it down first.",
  ),
  MACHINE_NO_ADDRESS: entry(
    "infrastructure",
    "A machine has not got an IP address.",
    "Check the DHCP server of its network and the machine's console log; run again to go on waiting.",
  ),
  RESOURCE_TIMEOUT: entry(
    "infrastructure",
    "Something was not made or changed within its time.",
    "Run again to go on; raise the limit with --timeout.",
  ),
  BOOTSTRAP_TIMEOUT: entry(
    "bootstrap",
    "Bootstrapping did not complete within its time.",
    "Run `virt-ipi gather`, read the last cause above, then `virt-ipi resume` to go on waiting.",
  ),
  INSTALL_TIMEOUT: entry(
    "install",
    "The installation did not complete within its time.",
    "Run `virt-ipi gather`, read the last cause above, then `virt-ipi resume` to go on waiting.",
  ),
  GUEST_IGNITION_FETCH: entry(
    "bootstrap",
    "A machine cannot fetch its Ignition config.",
    "Check that the API VIP answers on port 22623 from the machines' network, and the bootstrap machine's console log.",
  ),
  GUEST_IGNITION_REFUSED: entry(
    "bootstrap",
    "The server refuses to give a machine its Ignition config.",
    "Unauthorized: the machine's Ignition file is not of this cluster, so take the one that the cluster folder has now. Forbidden: a node of the machine's name exists, so delete it with kubectl if the machine is made again. Then restart the machine.",
  ),
  GUEST_IGNITION_INVALID: entry(
    "bootstrap",
    "A machine refuses its Ignition config.",
    "Correct what the console log names in the Ignition files or manifests, then create the cluster again.",
  ),
  GUEST_EMERGENCY: entry(
    "bootstrap",
    "A machine stopped in its emergency shell.",
    "Read the console log with `virt-ipi gather`; the failed unit is named just above the shell.",
  ),
  GUEST_DISK_FULL: entry("bootstrap", "The disk of a machine is full.", "Raise osDisk.diskSizeGB of its pool."),
  GUEST_PANIC: entry(
    "bootstrap",
    "The kernel of a machine panicked.",
    "Give the machine more memory, or check the image and the CPU model of the host.",
  ),
  GUEST_API_VIP_UNREACHABLE: entry(
    "bootstrap",
    "A machine cannot reach the API VIP.",
    "Check that no other host has the VIP and that the machines' network lets VRRP and ARP pass.",
  ),
  PULUMI_MISSING: entry("infrastructure", "The Pulumi CLI is not installed.", "Run `npm run setup`, or install Pulumi and have it on PATH."),
  PULUMI_FAILED: entry(
    "infrastructure",
    "Pulumi has failed.",
    "Read its message above and the log file of the cluster folder; `virt-ipi resume` goes on.",
  ),
  PEERS_UNKNOWN: entry(
    "other",
    "This host does not tell whose a connection over loopback is, so calls of other users could not be refused.",
    "Have /proc mounted so that /proc/net/tcp can be read.",
  ),
  STATE_DAMAGED: entry(
    "infrastructure",
    "The state of the cluster, in which Pulumi keeps what exists, cannot be used.",
    "Restore .virt-ipi from a backup. Without the state the cluster runs on but cannot be changed; `virt-ipi destroy cluster` needs only metadata.json.",
  ),
  STATE_LOCKED: entry(
    "other",
    "Another Pulumi works on the state of this cluster.",
    "Wait for it to end; `pulumi cancel` frees the lock of one that is gone.",
  ),
  PREFLIGHT_FAILED: entry("infrastructure", "The host is not ready for this cluster.", "Fix each failed check; `--skip ID` leaves a check out."),
  CERTIFICATES_EXPIRED: entry(
    "config",
    "Certificates in the assets have ended, so the machines would not come up.",
    "Run `virt-ipi destroy cluster`, then create the cluster again.",
  ),
  BOOTSTRAP_NEEDED: entry(
    "bootstrap",
    "The bootstrap machine is still needed.",
    "Run `virt-ipi wait-for bootstrap-complete` or `virt-ipi resume` first.",
  ),
  DESTROY_INCOMPLETE: entry(
    "infrastructure",
    "Something of the cluster is still there after it was destroyed.",
    "Run `virt-ipi destroy cluster` again; remove what it lists by hand if it stays.",
  ),
  GATHER_FAILED: entry("other", "The bundle could not be written.", "Read the message above."),
  ANSWERS_MISSING: entry(
    "usage",
    "A question needs an answer and there is no terminal to ask on.",
    "Give the options listed, or run the command on a terminal.",
  ),
  FILE_EXISTS: entry("usage", "The file to be written is there already.", "Remove it first, or give another folder with --dir."),
  PLATFORM_UNSUPPORTED: entry(
    "config",
    "This version of virt-ipi makes no machines on this platform.",
    "Choose another platform in the install-config.",
  ),
  VIRT_TIMEOUT: entry(
    "operators",
    "Virtualization did not work within its time.",
    "Fix the last cause above, then `virt-ipi resume` goes on waiting; `virt-ipi verify` shows every component.",
  ),
  VIRT_OLM_MISSING: entry("operators", "The cluster has no Operator Lifecycle Manager.", "Deploy OLM, or use virtualization.source: Manifests."),
  VIRT_CATALOG_MISSING: entry(
    "operators",
    "The catalog that should hold the operators does not exist.",
    "Name one that exists under virtualization.catalogSource.",
  ),
  VIRT_CATALOG_UNHEALTHY: entry(
    "operators",
    "The catalog that holds the operators does not serve.",
    "Check its pod in the catalog's namespace, its image and the pull secret.",
  ),
  VIRT_OPERATOR_GROUP: entry(
    "operators",
    "The OperatorGroup of the operators' namespace is missing, not the only one, or of the wrong kind.",
    "Leave exactly one, with the install mode that the message names.",
  ),
  VIRT_RESOLUTION_FAILED: entry(
    "operators",
    "OLM cannot resolve the Subscription.",
    "Compare package, channel and startingCSV with what the catalog holds.",
  ),
  VIRT_UNPACK_FAILED: entry(
    "operators",
    "OLM could not unpack the operators' bundle.",
    "Check the way from the cluster to the bundle's registry, then delete the failed unpack job.",
  ),
  VIRT_INSTALL_PLAN_FAILED: entry(
    "operators",
    "An InstallPlan of OLM failed.",
    "Fix what its message names and delete the plan: OLM makes a new one.",
  ),
  VIRT_INSTALL_PLAN_OTHER: entry(
    "operators",
    "OLM wants to install another version than the one asked for.",
    "Give a startingCSV that the channel holds, or remove what else is subscribed in the namespace.",
  ),
  VIRT_UPGRADE_STEP: entry(
    "operators",
    "An upgrade would leave out a version in between.",
    "Upgrade one minor version at a time: set startingCSV to the next one.",
  ),
  VIRT_NOT_UPGRADEABLE: entry(
    "operators",
    "The operators do not allow an upgrade now.",
    "Wait until HyperConverged is Available and not Progressing, then run again.",
  ),
  VIRT_CSV_FAILED: entry(
    "operators",
    "The ClusterServiceVersion of the operators failed.",
    "Look at the deployments and pods that its message names.",
  ),
  VIRT_REQUIREMENTS: entry(
    "operators",
    "The operators wait for objects that they require.",
    "Look at the steps of the InstallPlan for what was not made.",
  ),
  VIRT_DEFINITION_MISSING: entry(
    "operators",
    "A CustomResourceDefinition that an operator wants is missing.",
    "Deploy all definitions of the operator's very version.",
  ),
  VIRT_DEFINITION_TOO_LARGE: entry(
    "operators",
    "A CustomResourceDefinition is too large for the way it was applied.",
    "Apply it by server-side apply.",
  ),
  VIRT_WEBHOOK_UNREACHABLE: entry(
    "operators",
    "An admission webhook of the operators does not answer.",
    "Check the pods behind its service; if its operator is gone, delete the webhook configuration.",
  ),
  VIRT_LEFTOVERS: entry("operators", "Something of an earlier installation is in the way.", "Remove what the message names, then run again."),
  VIRT_WRONG_PLACE: entry("operators", "A HyperConverged is not where its operator looks for it.", "Delete it; the right one is made by virt-ipi."),
  VIRT_IMAGE_PULL: entry(
    "operators",
    "A pod cannot pull its image.",
    "Check the way from the nodes to the registry, its mirror, and the pull secret.",
  ),
  VIRT_POD_CRASH: entry("operators", "A pod crashes again and again.", "Read its log with kubectl logs --previous."),
  VIRT_POD_MOUNT: entry("operators", "A pod cannot mount one of its volumes.", "Fix what the message names."),
  VIRT_POD_UNSCHEDULABLE: entry("operators", "A pod fits on no node.", "Give the compute machines more CPUs or memory, or add some."),
  VIRT_NO_KVM: entry(
    "operators",
    "No node can run virtual machines with hardware help.",
    "Enable nested virtualization for the compute machines, or set virtualization.emulation: On.",
  ),
  VIRT_NO_STORAGE_CLASS: entry(
    "operators",
    "There is no StorageClass for the disks of virtual machines.",
    "Name one under virtualization.storage, or set virtualization.bootSources.enabled: false.",
  ),
  VIRT_STORAGE_ACCESS_MODE: entry(
    "operators",
    "A volume asks for an access mode that its StorageClass does not have.",
    "Leave access modes to the StorageProfile, or use a class with shared volumes.",
  ),
  VIRT_STORAGE_PROFILE: entry(
    "operators",
    "CDI does not know what a StorageClass can do.",
    "Describe it under virtualization.storage.storageProfiles.",
  ),
  VIRT_BOOT_SOURCE: entry(
    "operators",
    "A boot image cannot be imported.",
    "Check the way to its registry, or set virtualization.bootSources.enabled: false.",
  ),
  VIRT_COMPONENT_NOT_READY: entry("operators", "A component of virtualization is not ready.", "Read its conditions with kubectl describe."),
  VIRT_IN_USE: entry(
    "operators",
    "There are virtual machines, so virtualization is not taken away.",
    "Delete the machines first, or set virtualization.uninstallStrategy: RemoveWorkloads and update before you disable it.",
  ),
  VIRT_MANIFEST_UNREADABLE: entry(
    "config",
    "A manifest of the operators cannot be read.",
    "Check its location under virtualization, and the mirror.",
  ),
  VIRT_MANIFEST_CHECKSUM: entry(
    "config",
    "A manifest of the operators is not the one that was pinned.",
    "Look at what changed, then correct its sha256.",
  ),
  VIRT_NOT_WANTED: entry("config", "The install-config asks for no virtualization.", "Add the virtualization section and run `virt-ipi resume`."),
  VIRT_VERIFY_FAILED: entry(
    "operators",
    "Virtualization does not work as it should.",
    "Fix the first cause of the table, then run `virt-ipi verify` again.",
  ),
  VIRT_SMOKE_TEST_FAILED: entry("operators", "The test machine did not pass.", "Read the step that failed; `virt-ipi verify` shows every component."),
} as const satisfies Record<string, CatalogueEntry>;
