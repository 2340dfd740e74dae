import { KINDS, type KindName, type Seen, type Target } from "../../src/virtualization/observe/index.ts";
import { type KubeObject, type KubeClient, type ObjectKind, type ObjectName } from "../../src/kube/index.ts";

/**
 * @plays the API of a cluster with virtualization
 * @contract reading, merge patch (RFC 7396) and deletion of the kinds that are observed
 * @because each state that a diagnosis is made of, at once
 * @real test/integration/virtualization, test/integration/olm
 */

export const NS = "kubevirt-hyperconverged";
const VERSION = "1.18.1";
export const CSV = `kubevirt-hyperconverged-operator.v${VERSION}`;
export const NOW = new Date("2026-03-04T05:06:07Z");

export const TARGET: Target = {
  source: "OLM",
  namespaces: [NS],
  emulation: "Auto",
  bootSources: true,
  olm: {
    subscription: "hco-operatorhub",
    packageName: "community-kubevirt-hyperconverged",
    channel: "stable",
    approval: "Manual",
    startingCSV: CSV,
    catalogSource: { name: "community-operators", namespace: "openshift-marketplace" },
  },
};

type Fields = Readonly<Record<string, unknown>>;

/** A cluster in memory, by kind. Kinds without an entry are unknown to its API. */
export class FakeCluster {
  readonly objects: Partial<Record<KindName, KubeObject[]>> = {};
  /** What was asked of the API beside reading, as `patch InstallPlan ns/name`. */
  readonly writes: string[] = [];
  readonly texts: Record<string, string> = {};
  closed = 0;
  /** Thrown by every call while set. */
  down: Error | undefined;
  /** Called after each write. */
  onWrite: (write: string) => void = () => undefined;

  /** Makes the kind known, and puts an object into it in place of the one of its name. */
  put(kind: KindName, name: string, fields: Fields = {}, namespace?: string): KubeObject {
    const { metadata, ...rest } = fields as { metadata?: Fields };
    const object: KubeObject = {
      apiVersion: KINDS[kind].apiVersion,
      kind: KINDS[kind].kind,
      metadata: { name, ...(namespace === undefined ? {} : { namespace }), generation: 1, ...metadata },
      ...rest,
    };
    this.remove(kind, name, namespace);
    this.objects[kind]?.push(object);
    return object;
  }

  remove(kind: KindName, name: string, namespace?: string): void {
    this.objects[kind] = (this.objects[kind] ?? []).filter(
      ({ metadata }) => metadata?.name !== name || (namespace !== undefined && metadata.namespace !== namespace),
    );
  }

  get(kind: KindName, name: string): KubeObject {
    const found = this.objects[kind]?.find(({ metadata }) => metadata?.name === name);
    if (found === undefined) throw new Error(`the cluster has no ${kind} ${name}`);
    return found;
  }

  /** Puts the object again with changed fields. */
  change(kind: KindName, name: string, fields: Fields): KubeObject {
    const { metadata, ...rest } = this.get(kind, name);
    return this.put(
      kind,
      name,
      { ...rest, ...fields, metadata: { ...metadata, ...(fields["metadata"] as Fields | undefined) } },
      metadata?.namespace,
    );
  }

  seen(target: Target = TARGET): Seen {
    return { target, now: NOW, objects: this.objects };
  }

  client(): KubeClient {
    const answer = async <T>(value: () => T): Promise<T> => {
      if (this.down !== undefined) throw this.down;
      return value();
    };
    const listOf = (kind: ObjectKind): KubeObject[] | undefined => {
      const name = (Object.keys(KINDS) as KindName[]).find(
        (each) => KINDS[each].plural === kind.plural && KINDS[each].apiVersion === kind.apiVersion,
      );
      return name === undefined ? undefined : this.objects[name];
    };
    const note = (text: string): void => {
      this.writes.push(text);
      this.onWrite(text);
    };
    const called = (kind: ObjectKind, name: { namespace?: string | undefined; name: string }): string =>
      `${kind.kind} ${name.namespace === undefined ? "" : `${name.namespace}/`}${name.name}`;
    return {
      server: "https://192.168.126.5:6443",
      readyz: () => answer(() => undefined),
      approve: () => Promise.reject(new Error("there are no certificate requests here")),
      read: <T>(kind: ObjectKind, { namespace, name }: ObjectName) =>
        answer(
          () =>
            listOf(kind)?.find(({ metadata }) => metadata?.name === name && (namespace === undefined || metadata.namespace === namespace)) as
              | T
              | undefined,
        ),
      list: <T>(kind: ObjectKind, namespace?: string) =>
        answer(
          () => listOf(kind)?.filter(({ metadata }) => namespace === undefined || metadata?.namespace === namespace) as readonly T[] | undefined,
        ),
      apply: (kind, object) =>
        answer(() => {
          const name = { namespace: object.metadata?.namespace, name: object.metadata?.name ?? "" };
          listOf(kind)?.push({ apiVersion: kind.apiVersion, kind: kind.kind, ...object });
          note(`apply ${called(kind, name)}`);
          return object;
        }),
      patch: (kind, name, patch) =>
        answer(() => {
          const list = listOf(kind) ?? [];
          const index = list.findIndex(({ metadata }) => metadata?.name === name.name);
          list[index] = merged(list[index] ?? {}, patch) as KubeObject;
          note(`patch ${called(kind, name)} ${JSON.stringify(patch)}`);
          return list[index];
        }),
      remove: (kind, name) =>
        answer(() => {
          const list = listOf(kind) ?? [];
          const index = list.findIndex(({ metadata }) => metadata?.name === name.name);
          if (index >= 0) list.splice(index, 1);
          note(`remove ${called(kind, name)}`);
        }),
      get: (path) =>
        answer(() => {
          const text = this.texts[path.split("?")[0] ?? ""];
          if (text === undefined) throw new Error(`no answer for ${path}`);
          return text;
        }),
      close: () => void this.closed++,
    };
  }
}

/** JSON merge patch, RFC 7396. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === "object" && target !== null && !Array.isArray(target) ? (target as Fields) : {};
  const entries = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) entries.delete(key);
    else entries.set(key, merged(base[key], value));
  }
  return Object.fromEntries(entries);
}

export const condition = (type: string, status: string, reason = "", message = ""): Fields => ({ type, status, reason, message });
export const GOOD = [
  condition("Available", "True", "ReconcileCompleted"),
  condition("Progressing", "False", "ReconcileCompleted"),
  condition("Degraded", "False", "ReconcileCompleted"),
];

const DEPLOYMENTS = [
  "hco-operator",
  "hco-webhook",
  "hyperconverged-cluster-cli-download",
  "virt-operator",
  "virt-api",
  "virt-controller",
  "cdi-operator",
  "cdi-deployment",
  "cdi-apiserver",
  "cdi-uploadproxy",
  "cluster-network-addons-operator",
  "kubemacpool-cert-manager",
  "kubemacpool-mac-controller-manager",
  "ssp-operator",
  "virt-template-validator",
  "hostpath-provisioner-operator",
];
const DAEMON_SETS = ["virt-handler", "bridge-marker", "kube-cni-linux-bridge-plugin", "hostpath-provisioner-csi"];

export function deployment(ready: number, wanted: number, more: readonly Fields[] = []): Fields {
  return {
    spec: { replicas: wanted, template: { spec: { containers: [{ image: `quay.io/kubevirt/component:v${VERSION}` }] } } },
    status: {
      observedGeneration: 1,
      readyReplicas: ready,
      availableReplicas: ready,
      conditions: [
        condition("Available", ready >= wanted ? "True" : "False", "", ready >= wanted ? "" : "Deployment does not have minimum availability."),
        ...more,
      ],
    },
  };
}

const BY_DIGEST = `quay.io/kubevirt/component@sha256:${"0c35".repeat(16)}`;
/** @param image those of network addons name digests */
export const daemonSet = (ready: number, desired: number, image = `quay.io/kubevirt/component:v${VERSION}`): Fields => ({
  spec: { template: { spec: { containers: [{ image }] } } },
  status: { desiredNumberScheduled: desired, numberReady: ready, updatedNumberScheduled: desired },
});

export const node = (kvm: string, schedulable = true): Fields => ({
  metadata: { labels: { "node-role.kubernetes.io/worker": "", ...(schedulable ? { "kubevirt.io/schedulable": "true" } : {}) } },
  status: { allocatable: { "devices.kubevirt.io/kvm": kvm }, nodeInfo: { kubeletVersion: "v1.34.2" }, conditions: [condition("Ready", "True")] },
});

/** @param guarded as `RESOURCES.GROUP` */
export const webhook = (namespace: string, name: string, guarded = "hyperconvergeds.hco.kubevirt.io"): Fields => {
  const [resource = "", ...group] = guarded.split(".");
  const rules = [{ apiGroups: [group.join(".")], apiVersions: ["*"], operations: ["CREATE", "UPDATE"], resources: [resource] }];
  return { webhooks: [{ name: "validate.kubevirt.io", failurePolicy: "Fail", rules, clientConfig: { service: { namespace, name } } }] };
};

export const endpoints = (service: string, ready: boolean): Fields => ({
  metadata: { labels: { "kubernetes.io/service-name": service } },
  endpoints: [{ addresses: ["10.128.0.9"], conditions: { ready } }],
});

/** Virtualization by OLM on OKD, all well: no cause to be found. */
export function healthyCluster(): FakeCluster {
  const it = new FakeCluster();
  for (const kind of Object.keys(KINDS) as KindName[]) it.objects[kind] = [];
  for (const name of [NS, "openshift-marketplace"]) it.put("namespaces", name);
  it.put(
    "catalogSources",
    "community-operators",
    { status: { connectionState: { lastObservedState: "READY", address: "c.m.svc:50051" } } },
    "openshift-marketplace",
  );
  it.put("operatorGroups", "kubevirt-hyperconverged-group", { spec: {} }, NS);
  it.put("subscriptions", "hco-operatorhub", { status: { state: "AtLatestKnown", currentCSV: CSV, installedCSV: CSV, conditions: [] } }, NS);
  it.put("installPlans", "install-abcde", { spec: { approved: true, clusterServiceVersionNames: [CSV] }, status: { phase: "Complete" } }, NS);
  it.put(
    "clusterServiceVersions",
    CSV,
    {
      spec: {
        version: VERSION,
        installModes: [
          { type: "AllNamespaces", supported: true },
          { type: "OwnNamespace", supported: false },
        ],
        install: { spec: { deployments: ["hco-operator", "virt-operator"].map((name) => ({ name })) } },
        customresourcedefinitions: { owned: [{ name: "hyperconvergeds.hco.kubevirt.io", version: "v1beta1", kind: "HyperConverged" }] },
      },
      status: { phase: "Succeeded", reason: "InstallSucceeded" },
    },
    NS,
  );
  it.texts["/apis/hco.kubevirt.io/v1beta1"] = JSON.stringify({ resources: [{ name: "hyperconvergeds" }] });
  for (const name of DEPLOYMENTS) it.put("deployments", name, deployment(2, 2), NS);
  for (const name of DAEMON_SETS) it.put("daemonSets", name, daemonSet(2, 2, name.includes("bridge") ? BY_DIGEST : undefined), NS);
  it.put(
    "hyperConvergeds",
    "kubevirt-hyperconverged",
    {
      status: {
        conditions: [condition("ReconcileComplete", "True"), ...GOOD],
        versions: [{ name: "operator", version: VERSION }],
        observedGeneration: 1,
      },
    },
    NS,
  );
  it.put(
    "kubeVirts",
    "kubevirt-kubevirt-hyperconverged",
    { spec: {}, status: { phase: "Deployed", conditions: GOOD, observedKubeVirtVersion: "v1.8.4", targetKubeVirtVersion: "v1.8.4" } },
    NS,
  );
  it.put("cdis", "cdi-kubevirt-hyperconverged", {
    status: { phase: "Deployed", conditions: GOOD, observedVersion: "v1.65.0", targetVersion: "v1.65.0" },
  });
  it.put("networkAddonsConfigs", "cluster", { status: { conditions: GOOD, observedVersion: "v0.102.0" } });
  it.put("ssps", "ssp-kubevirt-hyperconverged", { status: { phase: "Deployed", conditions: GOOD, observedVersion: "v0.25.0" } }, NS);
  it.put("hostPathProvisioners", "hostpath-provisioner", {
    status: { conditions: GOOD, observedVersion: "v0.25.2", storagePoolStatuses: [{ name: "local", phase: "Ready" }] },
  });
  it.put("validatingWebhooks", "validate-hco.kubevirt.io", webhook(NS, "hco-webhook"));
  it.put("endpointSlices", "hco-webhook-x", endpoints("hco-webhook", true), NS);
  for (const name of ["worker-0", "worker-1"]) it.put("nodes", name, node("1k"));
  it.put("storageClasses", "hostpath-local", {
    metadata: { annotations: { "storageclass.kubevirt.io/is-default-virt-class": "true" } },
    provisioner: "kubevirt.io.hostpath-provisioner",
  });
  it.put("storageProfiles", "hostpath-local", {
    status: { provisioner: "kubevirt.io.hostpath-provisioner", claimPropertySets: [{ accessModes: ["ReadWriteOnce"] }] },
  });
  it.put("dataImportCrons", "fedora-image-cron", { status: { conditions: [condition("UpToDate", "True")] } }, "kubevirt-os-images");
  return it;
}
