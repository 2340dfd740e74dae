import { at, conditionOf, type KubeObject, listAt, nameOf, namespaceOf, textAt } from "../../../kube/index.ts";
import { said, SOON, type Cause } from "../cause.ts";
import { all, called, find, type Seen } from "../seen.ts";

const DEFAULT = "storageclass.kubernetes.io/is-default-class";
const DEFAULT_VIRT = "storageclass.kubevirt.io/is-default-virt-class";
/** Provisioners whose volumes one node at a time can use. Source: CDI pkg/storagecapabilities */
const SINGLE_NODE = new Set(["kubevirt.io.hostpath-provisioner", "kubevirt.io/hostpath-provisioner", "csi.vsphere.vmware.com", "topolvm.io"]);

/** Names of the StorageClasses that a disk without one lands on: those for virtual machines, else the cluster's. */
export function defaultStorageClasses(classes: readonly KubeObject[]): readonly string[] {
  const marked = (annotation: string): readonly string[] => classes.filter((one) => one.metadata?.annotations?.[annotation] === "true").map(nameOf);
  const virt = marked(DEFAULT_VIRT);
  return virt.length > 0 ? virt : marked(DEFAULT);
}

export function storageCauses(seen: Seen): readonly Cause[] {
  return [...defaultCauses(seen), ...claimCauses(seen), ...importCauses(seen), ...profileCauses(seen)];
}

function defaultCauses(seen: Seen): readonly Cause[] {
  const classes = all(seen, "storageClasses");
  const defaults = defaultStorageClasses(classes);
  if (defaults.length > 1)
    return [
      {
        id: "VIRT_NO_STORAGE_CLASS",
        object: "StorageClass",
        message: `${defaults.join(" and ")} are both marked as the default, so the newest one wins by chance`,
        fix: `Remove the annotation from all but one.`,
      },
    ];
  if (defaults.length === 1 || !seen.target.bootSources) return [];
  return [
    {
      id: "VIRT_NO_STORAGE_CLASS",
      object: "StorageClass",
      message: `none is the default${classes.length === 0 ? ": there is none at all" : ` (there are ${classes.map(nameOf).join(", ")})`}, so boot images cannot be imported`,
      fix: `Name one under virtualization.storage, annotate one with ${DEFAULT_VIRT}=true, or set virtualization.bootSources.enabled: false.`,
      patienceMs: SOON,
    },
  ];
}

/** Claims that stay Pending because nobody can fulfil them. */
function claimCauses(seen: Seen): readonly Cause[] {
  return all(seen, "persistentVolumeClaims").flatMap((claim): readonly Cause[] => {
    if (textAt(claim, "status", "phase") !== "Pending" || !isOfVirtualization(claim)) return [];
    const object = called("persistentVolumeClaims", claim);
    const className = textAt(claim, "spec", "storageClassName");
    const modes = listAt(claim, "spec", "accessModes").map(String);
    const storageClass = find(seen, "storageClasses", className);
    if (className === "")
      return [
        {
          id: "VIRT_NO_STORAGE_CLASS",
          object,
          message: "has no StorageClass: there was no default when it was created",
          fix: "Mark a default StorageClass, then delete the claim: it is created again.",
        },
      ];
    if (storageClass === undefined)
      return [
        {
          id: "VIRT_NO_STORAGE_CLASS",
          object,
          message: `asks for StorageClass ${className}, which does not exist`,
          fix: "Create the class, or delete the claim and name another one.",
        },
      ];
    const provisioner = textAt(storageClass, "provisioner");
    if (modes.includes("ReadWriteMany") && SINGLE_NODE.has(provisioner))
      return [
        {
          id: "VIRT_STORAGE_ACCESS_MODE",
          object,
          message: `asks for ReadWriteMany, but ${provisioner} of StorageClass ${className} creates ReadWriteOnce volumes only`,
          fix: "Leave accessModes to the StorageProfile (spec.storage instead of spec.pvc), or use a class with shared volumes for live migration.",
        },
      ];
    return [];
  });
}

const isOfVirtualization = (claim: KubeObject): boolean =>
  Object.keys({ ...claim.metadata?.labels, ...claim.metadata?.annotations }).some((key) => /kubevirt\.io/.test(key)) ||
  listAt(claim, "metadata", "ownerReferences").some((owner) => textAt(owner, "apiVersion").includes("kubevirt.io"));

function importCauses(seen: Seen): readonly Cause[] {
  const crons = all(seen, "dataImportCrons").flatMap((cron): readonly Cause[] => {
    const condition = conditionOf(cron, "UpToDate");
    if (condition === undefined || condition.status !== "False" || ["ImportProgressing", "NoImport", "Outdated"].includes(condition.reason))
      return [];
    return [
      {
        id: "VIRT_BOOT_SOURCE",
        object: called("dataImportCrons", cron),
        message: `the boot image is not up to date: ${said(condition.message || condition.reason)}`,
        fix: "Check the way to its registry; where there is none, set virtualization.bootSources.enabled: false.",
      },
    ];
  });
  const volumes = all(seen, "dataVolumes").flatMap((volume): readonly Cause[] => {
    const running = conditionOf(volume, "Running");
    const bound = conditionOf(volume, "Bound");
    const message = [running?.message, bound?.message].find((text) =>
      /no storageClass|accessMode|ImagePull|x509|no such host|connection refused|denied/i.test(text ?? ""),
    );
    if (message === undefined || textAt(volume, "status", "phase") === "Succeeded") return [];
    return [{ ...whyNotImported(message), object: called("dataVolumes", volume), message: said(message) }];
  });
  return [...crons, ...volumes];
}

/** Source: CDI 1.64, pkg/controller/datavolume/util.go, renderPvcSpecVolumeModeAndAccessModesAndStorageClass */
function whyNotImported(message: string): Pick<Cause, "id" | "fix"> {
  if (/\bStorageProfile \S/.test(message)) return { id: "VIRT_STORAGE_PROFILE", fix: PROFILE_FIX };
  if (/no storageClass|missing accessMode/i.test(message))
    return { id: "VIRT_NO_STORAGE_CLASS", fix: "Mark a default StorageClass, then delete the DataVolume: it is created again." };
  return { id: "VIRT_BOOT_SOURCE", fix: "Check the way to the image, its certificate and its credentials." };
}

const PROFILE_FIX = "Give its claimPropertySets under virtualization.storage.storageProfiles.";

/** A StorageClass whose provisioner CDI does not know has no properties, so disks on it must say everything themselves. */
function profileCauses(seen: Seen): readonly Cause[] {
  const defaults = defaultStorageClasses(all(seen, "storageClasses"));
  return all(seen, "storageProfiles")
    .filter((profile) => defaults.includes(nameOf(profile)) && at(profile, "status") !== undefined && namespaceOf(profile) === "")
    .flatMap((profile) =>
      listAt(profile, "status", "claimPropertySets").length > 0
        ? []
        : [
            {
              id: "VIRT_STORAGE_PROFILE" as const,
              object: called("storageProfiles", profile),
              message: `CDI does not know what ${textAt(profile, "status", "provisioner") || "its provisioner"} can do, so disks without access mode are refused`,
              fix: PROFILE_FIX,
            },
          ],
    );
}
