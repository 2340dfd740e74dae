import { type CatalogueEntry, entry } from "./entry.ts";

/** The program itself and what it starts. */
export const PROGRAM_ERRORS = {
  INTERNAL: entry(
    "other",
    "virt-ipi met a condition that its authors did not expect.",
    "Report it with the message and the log file of the cluster folder.",
  ),
  USAGE: entry("usage", "The command line is not understood.", "Run the command with --help."),
  INTERRUPTED: entry(
    "interrupted",
    "The run was interrupted.",
    "Run `virt-ipi resume` to continue, or `virt-ipi destroy cluster` to remove what exists.",
  ),
  EXEC_NOT_FOUND: entry(
    "infrastructure",
    "A program that virt-ipi needs is not installed.",
    "Run `virt-ipi setup`, or install the program and have it on PATH.",
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
} as const satisfies Record<string, CatalogueEntry>;
