import { type CatalogueEntry, entry } from "./entry.ts";

/** The run of an installation and its state. */
export const INSTALLATION_ERRORS = {
  RESOURCE_TIMEOUT: entry(
    "infrastructure",
    "Something was not created or changed within its time.",
    "Run again to continue; raise the limit with --timeout.",
  ),
  BOOTSTRAP_TIMEOUT: entry(
    "bootstrap",
    "Bootstrapping did not complete within its time.",
    "Run `virt-ipi gather`, read the last cause above, then `virt-ipi resume` to continue waiting.",
  ),
  INSTALL_TIMEOUT: entry(
    "install",
    "The installation did not complete within its time.",
    "Run `virt-ipi gather`, read the last cause above, then `virt-ipi resume` to continue waiting.",
  ),
  PULUMI_MISSING: entry("infrastructure", "The Pulumi CLI is not installed.", "Run `virt-ipi setup`, or install Pulumi and have it on PATH."),
  PULUMI_FAILED: entry(
    "infrastructure",
    "Pulumi has failed.",
    "Read its message above and the log file of the cluster folder; `virt-ipi resume` continues.",
  ),
  PEERS_UNKNOWN: entry(
    "other",
    "This host does not show whose a connection over loopback is, so calls of other users could not be refused.",
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
    "Certificates in the assets have expired, so the machines would not come up.",
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
  FILE_EXISTS: entry("usage", "The file to be written already exists.", "Remove it first, or give another folder with --dir."),
  PLATFORM_UNSUPPORTED: entry(
    "config",
    "This version of virt-ipi creates no machines on this platform.",
    "Choose another platform in the install-config.",
  ),
} as const satisfies Record<string, CatalogueEntry>;
