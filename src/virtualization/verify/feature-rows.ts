import type { Distribution } from "../../config/index.ts";
import { conditionOf, type KubeObject, listAt, nameOf, namespaceOf, textAt } from "../../kube/index.ts";
import { defaultStorageClasses, emulates, hasVirtualizationDevice, isSchedulable, type Seen } from "../observe/index.ts";
import { TEKTON_MOVED, TEKTON_TASKS } from "./components.ts";
import { ACCELERATED, type Row } from "./row.ts";

export interface VerifyInput {
  readonly seen: Seen;
  readonly distribution: Distribution;
  /** Names of the Tekton tasks in the cluster; undefined: it has no Tekton. */
  readonly tasks: readonly string[] | undefined;
  /** ConsoleCLIDownloads; undefined: the cluster has no console. */
  readonly downloads: readonly KubeObject[] | undefined;
}

/** CatalogSource, Subscription and ClusterServiceVersion. */
export function catalogRows({ seen }: VerifyInput): readonly Row[] {
  const { olm, namespaces } = seen.target;
  if (olm === undefined) return [];
  const namespace = namespaces[0] ?? "";
  const base = { group: "OLM", version: "", ready: "" } as const;
  const catalog = (seen.objects.catalogSources ?? []).find(
    (one) => nameOf(one) === olm.catalogSource.name && namespaceOf(one) === olm.catalogSource.namespace,
  );
  const state = textAt(catalog, "status", "connectionState", "lastObservedState");
  const subscription = (seen.objects.subscriptions ?? []).find((one) => nameOf(one) === olm.subscription);
  const installed = textAt(subscription, "status", "installedCSV");
  const csv = (seen.objects.clusterServiceVersions ?? []).find((one) => nameOf(one) === installed);
  const phase = textAt(csv, "status", "phase");
  return [
    {
      ...base,
      component: olm.catalogSource.name,
      kind: "CatalogSource",
      namespace: olm.catalogSource.namespace,
      ...(catalog === undefined
        ? { state: "missing", condition: "", why: "does not exist" }
        : state === "READY"
          ? { state: "ok", condition: "READY" }
          : { state: "waiting", condition: state, why: `is ${state === "" ? "not connected" : state}` }),
    },
    {
      ...base,
      component: olm.subscription,
      kind: "Subscription",
      namespace,
      ...(subscription === undefined
        ? { state: "missing", condition: "", why: "does not exist" }
        : installed === ""
          ? { state: "waiting", condition: textAt(subscription, "status", "state"), why: "nothing is installed yet" }
          : { state: "ok", condition: textAt(subscription, "status", "state") }),
    },
    {
      ...base,
      component: installed === "" ? "kubevirt-hyperconverged-operator" : installed,
      kind: "ClusterServiceVersion",
      namespace,
      version: textAt(csv, "spec", "version"),
      ...(csv === undefined
        ? { state: "missing", condition: "", why: "OLM has installed none" }
        : phase === "Succeeded"
          ? { state: "ok", condition: phase }
          : { state: phase === "Failed" ? "failed" : "waiting", condition: phase, why: textAt(csv, "status", "message") }),
    },
  ];
}

/** The tasks of the documents, which are no pods; most versions bring none of them. */
export function tektonRows({ tasks, seen }: VerifyInput): readonly Row[] {
  if (seen.target.source !== "OLM") return [];
  return TEKTON_TASKS.map((name) => {
    const base = { group: "Tekton", component: name, kind: "Task", namespace: "", version: "", ready: "" } as const;
    return tasks?.includes(name) === true
      ? { ...base, state: "ok", condition: "exists" }
      : { ...base, state: "absent", condition: "", why: TEKTON_MOVED };
  });
}

/** What each node can do for virtual machines. */
export function nodeRows({ seen }: VerifyInput): readonly Row[] {
  const emulation = emulates(seen);
  return (seen.objects.nodes ?? [])
    .filter((node) => node.metadata?.labels?.["node-role.kubernetes.io/control-plane"] === undefined || isSchedulable(node))
    .map((node): Row => {
      const base = {
        group: "Nodes",
        component: nameOf(node),
        kind: "Node",
        namespace: "",
        version: textAt(node, "status", "nodeInfo", "kubeletVersion"),
        ready: "",
      } as const;
      if (conditionOf(node, "Ready")?.status !== "True")
        return { ...base, state: "waiting", condition: "not Ready", why: conditionOf(node, "Ready")?.message ?? "its kubelet has reported nothing" };
      if (!isSchedulable(node))
        return { ...base, state: "waiting", condition: "not schedulable", why: "virt-handler has not marked it kubevirt.io/schedulable=true" };
      if (hasVirtualizationDevice(node)) return { ...base, state: "ok", condition: ACCELERATED };
      return emulation
        ? { ...base, state: "ok", condition: "emulation", why: "has no /dev/kvm: virtual machines are emulated, about ten times slower" }
        : {
            ...base,
            state: "failed",
            condition: "no KVM",
            why: "has no /dev/kvm, and emulation is off",
            fix: "Enable nested virtualization for the compute machines, or set virtualization.emulation: On.",
          };
    });
}

/** The class that disks land on, and the boot sources. */
export function storageRows({ seen }: VerifyInput): readonly Row[] {
  const base = { group: "Storage", namespace: "", version: "", ready: "" } as const;
  const classes = seen.objects.storageClasses ?? [];
  const [first, ...more] = defaultStorageClasses(classes);
  const storage: Row =
    first === undefined
      ? {
          ...base,
          component: "default",
          kind: "StorageClass",
          state: seen.target.bootSources ? "failed" : "absent",
          condition: "",
          why: classes.length === 0 ? "there is no StorageClass" : "no StorageClass is the default",
          fix: "Name one under virtualization.storage.",
        }
      : {
          ...base,
          component: first,
          kind: "StorageClass",
          state: more.length === 0 ? "ok" : "failed",
          condition: "default",
          ...(more.length === 0 ? {} : { why: `so is ${more.join(", ")}`, fix: "Leave one default." }),
        };
  if (!seen.target.bootSources) return [storage];
  const crons = seen.objects.dataImportCrons ?? [];
  return [
    storage,
    ...crons.map((cron): Row => {
      const upToDate = conditionOf(cron, "UpToDate");
      const row = { ...base, component: nameOf(cron), kind: "DataImportCron", namespace: namespaceOf(cron) } as const;
      if (upToDate?.status === "True") return { ...row, state: "ok", condition: "UpToDate" };
      return { ...row, state: "waiting", condition: upToDate?.reason ?? "", why: upToDate?.message || "nothing is imported yet" };
    }),
  ];
}

const VIRTCTL = "virtctl-clidownloads-kubevirt-hyperconverged";

/** How people reach it: virtctl from the cluster itself. */
export function managementRows({ downloads, seen, distribution }: VerifyInput): readonly Row[] {
  if (seen.target.source !== "OLM") return [];
  const base = { group: "Management", component: VIRTCTL, kind: "ConsoleCLIDownload", namespace: "", version: "", ready: "" } as const;
  if (downloads === undefined || distribution === "kubernetes")
    return [{ ...base, state: "absent", condition: "", why: "only with OpenShift's console; get virtctl from KubeVirt's releases" }];
  const found = downloads.find((one) => nameOf(one) === VIRTCTL);
  if (found === undefined) return [{ ...base, state: "missing", condition: "", why: "does not exist" }];
  return [{ ...base, state: "ok", condition: `${listAt(found, "spec", "links").length} links` }];
}
