import { z } from "zod";
import { choice, field, flag, integer, list, object, open, text, texts } from "../fields/field.ts";
import { hyperConverged } from "./hyper-converged-schema.ts";

const PINNED = {
  location: text("Where the manifest is.", {
    required: true,
    rules: "An absolute path on this machine or an http(s) URL, which may carry user:password@.",
  }),
  sha256: text("What its content must be.", { required: true, rules: "64 hexadecimal digits." }),
};

const component = (name: string, kind: string) =>
  object(
    {
      version: text(`Version of ${name.replace(/^The /, "the ")}.`, { required: true, rules: "Such as 1.8.4." }),
      files: list(PINNED, "The operator's manifests, applied in this order.", { required: true, rules: "At least one." }),
      spec: open(`Spec of its ${kind}, passed on unchanged.`),
    },
    `${name}, from manifests.`,
  );

const storage = object(
  {
    hostPathProvisioner: object(
      {
        pools: list(
          {
            name: text("Name of the pool.", { required: true, rules: "DNS-1123 label, each once." }),
            path: text("Folder on the nodes, or where the volume of pvcTemplate is mounted.", {
              required: true,
              rules: "Absolute, each once; below /var on openshift and okd, whose root is read only.",
            }),
            storageClass: text("Name of the StorageClass that is created for the pool.", { defaultText: "hostpath-<name>" }),
            pvcTemplate: open("Spec of the PersistentVolumeClaim that each node's pool uses."),
          },
          "Pools of the hostpath provisioner; the first one's StorageClass is the default for virtual machines.",
          { required: true, rules: "At least one." },
        ),
        nodeSelector: field(z.record(z.string(), z.string()), "Labels of the nodes that have the pools.", { defaultText: "all nodes" }),
      },
      "Disks on folders of the nodes. They are ReadWriteOnce: machines on them cannot be migrated live.",
      { rules: "Not together with storageClass." },
    ),
    storageClass: text("A StorageClass that exists and becomes the default for virtual machines.", {
      rules: "Not together with hostPathProvisioner.",
    }),
    storageProfiles: list(
      {
        name: text("Name of the StorageClass that the profile is of.", { required: true }),
        claimPropertySets: list(
          {
            accessModes: field(
              z.array(z.enum(["ReadWriteOnce", "ReadWriteMany", "ReadOnlyMany", "ReadWriteOncePod"])),
              "Access modes of the volumes.",
            ),
            volumeMode: choice(["Block", "Filesystem"], "Whether machines get a block device or a file on one."),
          },
          "What CDI asks of the class, the best first.",
        ),
        cloneStrategy: choice(["copy", "snapshot", "csi-clone"], "How disks are cloned."),
        snapshotClass: text("VolumeSnapshotClass for clones by snapshot."),
        dataImportCronSourceFormat: choice(["pvc", "snapshot"], "What boot sources are kept as."),
      },
      "What CDI does not know by itself of a StorageClass.",
    ),
  },
  "Where disks of virtual machines are stored.",
  { defaultText: "the cluster's default StorageClass" },
);

export const virtualization = object(
  {
    enabled: flag("Whether virtual machines can run in the cluster.", { default: true }),
    source: choice(["OLM", "Manifests"], "Who brings the operators: the Operator Lifecycle Manager, or manifests that you pin.", {
      defaultText: "OLM for openshift and okd, Manifests for kubernetes",
      rules: "Manifests only with distribution kubernetes.",
    }),
    channel: text("Channel of the operator's package.", { default: "stable", rules: "OLM only." }),
    startingCSV: text("The exact version to install.", {
      rules: "OLM only. kubevirt-hyperconverged-operator.v4.y.z on openshift, v1.y.z elsewhere.",
    }),
    approval: choice(["Automatic", "Manual"], "Who approves what OLM wants to install. Manual: virt-ipi, and only the plan that holds the version.", {
      defaultText: "Manual with startingCSV, else Automatic",
      rules: "OLM only.",
    }),
    catalogSource: object(
      {
        name: text("Name of the CatalogSource.", {
          defaultText: "redhat-operators on openshift, community-operators on okd, operatorhubio-catalog on kubernetes",
        }),
        namespace: text("Its namespace.", { defaultText: "openshift-marketplace; olm on kubernetes" }),
        image: text("Index image of your own catalog, such as a mirror; the CatalogSource is then created here.", {
          rules: "Not together with address.",
        }),
        address: text("Host and port of your own catalog server; the CatalogSource is then created here.", {
          rules: "host:port; not together with image.",
        }),
      },
      "The catalog that holds the package.",
      { rules: "OLM only." },
    ),
    namespace: text("Namespace of the operators.", {
      defaultText: "openshift-cnv on openshift, else kubevirt-hyperconverged",
      rules: "OLM only: manifests name their own.",
    }),
    manifests: object(
      {
        mirror: text("Replaces https://github.com/ in every location.", { rules: "An http(s) URL, which may carry user:password@." }),
        kubevirt: component("KubeVirt", "KubeVirt"),
        cdi: component("The Containerized Data Importer", "CDI"),
        networkAddons: component("The cluster network addons operator", "NetworkAddonsConfig"),
        hostPathProvisioner: component("The hostpath provisioner", "HostPathProvisioner"),
      },
      "What is deployed with source Manifests.",
      {
        rules:
          "Manifests only; kubevirt is required there, cdi with storage.storageProfiles, hostPathProvisioner with storage.hostPathProvisioner. Without cdi no disks are imported: machines boot containerDisks.",
      },
    ),
    emulation: choice(["Auto", "On", "Off"], "Software emulation for nodes without /dev/kvm. Auto: only when no node has it.", { default: "Auto" }),
    uninstallStrategy: choice(
      ["BlockUninstallIfWorkloadsExist", "RemoveWorkloads"],
      "What disabling virtualization does while there are virtual machines.",
      {
        default: "BlockUninstallIfWorkloadsExist",
        rules: "To remove machines, set RemoveWorkloads and update; then set enabled: false.",
      },
    ),
    hyperConverged,
    storage,
    bootSources: object(
      {
        enabled: flag("Import the common boot images and keep them up to date.", {
          default: true,
          rules: "Needs a StorageClass and reach to the registries.",
        }),
      },
      "Disks of well-known operating systems to clone machines from.",
      { rules: "OLM only." },
    ),
    liveMigration: object(
      {
        parallelMigrationsPerCluster: integer("Migrations at the same time.", { default: 5, rules: "At least 1." }),
        parallelOutboundMigrationsPerNode: integer("Migrations away from one node at the same time.", { default: 2, rules: "At least 1." }),
        bandwidthPerMigration: text("Limit of a migration, such as 64Mi (a second).", { rules: "A Kubernetes quantity." }),
        completionTimeoutPerGiB: integer("Seconds that a GiB of memory may take.", { default: 150, rules: "At least 1." }),
        progressTimeout: integer("Seconds without progress after which a migration is aborted.", { default: 150, rules: "At least 1." }),
        allowAutoConverge: flag("Slow the machine down when it changes memory faster than it is copied.", { default: false }),
        allowPostCopy: flag("Switch over before all memory is copied.", { default: false }),
        network: text("NetworkAttachmentDefinition of a network of its own.", { defaultText: "the pod network" }),
      },
      "How machines move between nodes.",
    ),
    users: object(
      {
        identityProvider: text("Name of the identity provider.", { default: "htpasswd" }),
        htpasswd: text("Lines of an htpasswd file, with bcrypt hashes.", {
          required: true,
          secret: true,
          lines: true,
          rules: "name:hash a line, each name once.",
        }),
        clusterAdmins: texts("Users who get cluster-admin.", { rules: "Names of htpasswd." }),
        roles: list(
          {
            user: text("Name of the user.", { required: true, rules: "One of htpasswd." }),
            namespace: text("Where the role applies.", { required: true, rules: "DNS-1123 label." }),
            role: choice(["admin", "edit", "view"], "What the user may do, virtual machines included.", { required: true }),
          },
          "Roles in namespaces; the namespaces must exist.",
        ),
      },
      "Who may log in, beside kubeadmin.",
      { rules: "openshift and okd only." },
    ),
    pipelines: object(
      {
        enabled: flag("Deploy Tekton for pipelines with virtual machines.", { default: true }),
        channel: text("Channel of OpenShift Pipelines.", { default: "latest", rules: "openshift only." }),
        files: list(PINNED, "Tekton's release manifests.", { rules: "okd and kubernetes only, and required there." }),
      },
      "Pipelines that create and change virtual machines.",
    ),
  },
  "Virtual machines in the cluster: OpenShift Virtualization, or upstream KubeVirt.",
);
