import { type CatalogueEntry, entry } from "./entry.ts";

/** The cluster folder: install-config, identity, assets. */
export const CLUSTER_FOLDER_ERRORS = {
  CONFIG_MISSING: entry("config", "There is no install-config.yaml.", "Run `virt-ipi create install-config`, or give the folder with --dir."),
  CONFIG_INVALID: entry("config", "The install-config is not valid.", "Correct each path listed; `virt-ipi explain PATH` shows its rules."),
  CONFIG_CHANGED: entry(
    "config",
    "The install-config has changed since the assets were created.",
    "`virt-ipi create cluster --regenerate` creates them again and applies the change; `virt-ipi create manifests --regenerate` only creates them. Or restore the file.",
  ),
  CLUSTER_LOCKED: entry(
    "other",
    "Another virt-ipi is running in this cluster folder.",
    "Wait for it to end; the lock of one that is gone is taken over at once.",
  ),
  CLUSTER_UNKNOWN: entry("config", "The folder contains no cluster.", "Give the folder of the cluster with --dir."),
  FOLDER_UNSAFE: entry(
    "config",
    "Somebody else could replace what is written into the cluster folder, or lead it elsewhere.",
    "Give a folder that only you can write, or take the others' rights away: chmod go-w FOLDER.",
  ),
  IDENTITY_LOST: entry(
    "config",
    "The file that says which cluster the folder is of is missing or damaged.",
    "Copy .virt-ipi from the folder this one was copied from (`cp -a` includes it) or from a backup; `virt-ipi destroy cluster` needs only metadata.json. If nothing of that cluster exists, remove metadata.json and .virt-ipi, and a new cluster can be created here.",
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
  DISTRIBUTION_UNSUPPORTED: entry(
    "config",
    "This distribution is not yet supported by this version of virt-ipi, on this platform or for this command.",
    "Use `distribution: kubernetes`.",
  ),
} as const satisfies Record<string, CatalogueEntry>;
