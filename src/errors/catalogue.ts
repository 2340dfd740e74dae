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
  INTERNAL: entry("other", "virt-ipi met a condition that its authors did not foresee.", "Report it with the message and the log file of the cluster folder."),
  USAGE: entry("usage", "The command line is not understood.", "Run the command with --help."),
  INTERRUPTED: entry("interrupted", "The run was interrupted.", "Run `virt-ipi resume` to go on, or `virt-ipi destroy cluster` to take down what exists."),
  EXEC_NOT_FOUND: entry("infrastructure", "A program that virt-ipi needs is not installed.", "Run `npm run setup`, or install the program and have it on PATH."),
  EXEC_FAILED: entry("infrastructure", "A program that virt-ipi ran has failed.", "Read its message above; `virt-ipi doctor` checks the host."),
  EXEC_TIMEOUT: entry("infrastructure", "A program that virt-ipi ran did not end in time.", "Check the load of the host; `virt-ipi doctor` checks the rest."),
  FILE_UNREADABLE: entry("config", "A file could not be read.", "Check its path and permissions."),
  FILE_UNWRITABLE: entry("other", "A file could not be written.", "Check the free space and the permissions of its folder."),
  CONFIG_MISSING: entry("config", "There is no install-config.yaml.", "Run `virt-ipi create install-config`, or give the folder with --dir."),
  CONFIG_INVALID: entry("config", "The install-config is not valid.", "Correct each path listed; `virt-ipi explain PATH` tells its rules."),
  CONFIG_CHANGED: entry("config", "The install-config has changed since the assets were made.", "Run again with --regenerate to make them anew, or restore the file."),
  CLUSTER_LOCKED: entry("other", "Another virt-ipi works in this cluster folder.", "Wait for it to end; if it is gone, the lock is freed within ten seconds."),
  CLUSTER_UNKNOWN: entry("config", "The folder holds no cluster.", "Give the folder of the cluster with --dir."),
  TEMPLATE_INVALID: entry("other", "A template of virt-ipi does not fit its values.", "Restore the templates folder of this version, or report it."),
  IGNITION_CONFLICT: entry("other", "Two parts of an Ignition config claim the same thing.", "Give one of them another path or name."),
  IGNITION_INVALID: entry("config", "An Ignition file in the cluster folder cannot be used.", "Correct the file, or remove it and run `virt-ipi create ignition-configs`."),
  KEYS_INVALID: entry("config", "The saved keys of the cluster cannot be used.", "Restore .virt-ipi/keys.json from a backup; without it a running cluster cannot be continued, only destroyed."),
  MANIFEST_INVALID: entry("config", "A manifest in the cluster folder cannot be read as Kubernetes objects.", "Correct the file; each document needs apiVersion, kind and metadata.name."),
  MANIFEST_DUPLICATE: entry("config", "Two manifests describe the same Kubernetes object.", "Remove or rename one of the two."),
  DISTRIBUTION_UNSUPPORTED: entry("config", "This distribution is not yet supported by this version of virt-ipi.", "Use `distribution: kubernetes`."),
  KUBECONFIG_INVALID: entry("other", "The kubeconfig of the cluster cannot be used.", "Restore auth/kubeconfig, or make it anew with `virt-ipi create ignition-configs`."),
  SETUP_PART_UNKNOWN: entry("usage", "The set-up has no part of that name.", "`npm run setup -- --list` shows the parts."),
  SETUP_PACKAGES_MISSING: entry("infrastructure", "Packages that virt-ipi needs are not installed.", "Install them, then run `npm run setup` again."),
  SETUP_BUILD_FAILED: entry("infrastructure", "A part that has no official download here could not be built.", "Read the message above; `npm run setup -- --only PART` tries that part alone."),
} as const satisfies Record<string, CatalogueEntry>;
