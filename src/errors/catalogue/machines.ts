import { type CatalogueEntry, entry } from "./entry.ts";

/** Machines on any platform, and what their consoles say. */
export const MACHINES_ERRORS = {
  NAME_TAKEN: entry(
    "infrastructure",
    "Something outside this cluster has a name that it needs.",
    "Rename or remove it, or give the cluster another name.",
  ),
  IGNITION_TOO_LARGE: entry(
    "config",
    "An Ignition config does not fit into the machine's guestinfo.",
    "Take large files out of manifests/ and openshift/, or let Ignition fetch them.",
  ),
  IMAGE_UNREADABLE: entry(
    "infrastructure",
    "The image of the machines cannot be read.",
    "Check the path under clusterOSImage of the platform, or run `virt-ipi setup`.",
  ),
  IMAGE_CHECKSUM: entry("infrastructure", "The image of the machines is not the one expected.", "Fetch or build it again, or correct its checksum."),
  VOLUME_SHRINK: entry("config", "A disk cannot shrink.", "Restore the size, or create the machine again."),
  MACHINE_NO_ADDRESS: entry(
    "infrastructure",
    "A machine did not get an IP address.",
    "Check the DHCP server of its network and the machine's console log; run again to continue waiting.",
  ),
  MACHINE_SETS_OFF: entry(
    "config",
    "The cluster does not create machines itself.",
    "Set machineManagement: MachineSets in the install-config of a new cluster.",
  ),
  SCALE_INVALID: entry("config", "A pool cannot be scaled so.", "Give a compute pool of the install-config and a number: virt-ipi scale worker 3."),
  MACHINES_NOT_READY: entry(
    "install",
    "Machines that the cluster creates itself did not become nodes in time.",
    "See `virt-ipi machines`, and `virt-ipi machine-controller status`; run again to continue waiting.",
  ),
  REHEARSAL_FAILED: entry(
    "install",
    "A machine could not be created and removed as a rehearsal.",
    "See `virt-ipi machines` and `virt-ipi machine-controller status`. Run `virt-ipi rehearse` again: it first removes what is left.",
  ),
  MACHINE_API_MISSING: entry(
    "infrastructure",
    "The controllers of the Machine API, or the definitions of its objects, are not installed.",
    "Run `virt-ipi setup --only machine-api`, which builds them.",
  ),
  MACHINE_CONTROLLER_FOREIGN: entry(
    "config",
    "The cluster has machine controllers of its own.",
    "Leave the machines to them: scale with `kubectl scale machineset`, and do not run `virt-ipi machine-controller` for this cluster.",
  ),
  ACTUATOR_SOCKET: entry(
    "infrastructure",
    "The socket on which machines are asked for cannot be served.",
    "Give a path in a folder that only this user can enter (mode 0700), and stop the machine controller that serves it already.",
  ),
  SYSTEMD_MISSING: entry(
    "infrastructure",
    "systemd cannot run the machine controller on this host.",
    "Run `virt-ipi machine-controller run` by whatever starts services here. Without root a session of your own is needed: see `systemctl --user status`.",
  ),
  MACHINE_CONTROLLER_RUNS: entry(
    "infrastructure",
    "A machine controller would create machines while the cluster is removed.",
    "Stop it, by `virt-ipi machine-controller uninstall` or where it was started; then run again.",
  ),
  GUEST_IGNITION_FETCH: entry(
    "bootstrap",
    "A machine cannot fetch its Ignition config.",
    "Check that the API VIP answers on port 22623 from the machines' network, and the bootstrap machine's console log.",
  ),
  GUEST_IGNITION_REFUSED: entry(
    "bootstrap",
    "The server refuses to give a machine its Ignition config.",
    "Unauthorized: the machine's Ignition file is not of this cluster, so take the one that the cluster folder has now. Forbidden: a node of the machine's name exists, so delete it with kubectl if the machine is created again. Then restart the machine.",
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
} as const satisfies Record<string, CatalogueEntry>;
