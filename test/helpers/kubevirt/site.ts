import { createHash } from "node:crypto";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { stringify } from "yaml";
import { verifyTable } from "../../../src/cli/render/verify.ts";
import type { PinnedFile, VirtualizationSpec } from "../../../src/config/index.ts";
import { connectKube } from "../../../src/kube/index.ts";
import { PLUGIN_FOLDER } from "../../../src/stack/project-settings.ts";
import type { ErrorId } from "../../../src/errors/index.ts";
import { systemClock } from "../../../src/util/index.ts";
import { verify, virtualization, type Verification } from "../../../src/virtualization/index.ts";
import type { Cause } from "../../../src/virtualization/observe/index.ts";
import { saysOf, type Condition, type KubeObject } from "../olm/objects.ts";
import { stackBench, type StackBench } from "../stack-bench.ts";
import type { Programs } from "../played-pods/index.ts";
import { playedCdi } from "./played.ts";
import { VERSION, type Version } from "./release.ts";
import { startKubeVirtRig, type KubeVirtRig } from "./rig.ts";

export const KUBEVIRT = "/apis/kubevirt.io/v1/namespaces/kubevirt/kubevirts/kubevirt";
export const INSTANCES = "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances";

/**
 * A machine that no node here runs, since KubeVirt would wait for a real virt-handler.
 * @param domain of its `spec` @param nodeSelector what keeps it from nodes, unless something else does
 */
export const instance = (name: string, domain: object, nodeSelector: object = { "kubernetes.io/hostname": "none" }): object => ({
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachineInstance",
  metadata: { name, namespace: "default" },
  spec: { nodeSelector, terminationGracePeriodSeconds: 0, domain: { devices: {}, ...domain } },
});

export interface KubeVirt extends KubeObject {
  readonly status: {
    readonly phase: string;
    readonly conditions: readonly Condition[];
    readonly operatorVersion: string;
    readonly targetKubeVirtVersion: string;
    readonly observedKubeVirtVersion?: string;
  };
}

type Changes = Readonly<Record<string, number | undefined>>;

/** The day-2 program for plain Kubernetes against a control plane with KubeVirt's own programs. */
export interface KubeVirtSite {
  readonly rig: KubeVirtRig;
  readonly bench: StackBench;
  /** @param own of the KubeVirt resource */
  spec(version?: Version, own?: Readonly<Record<string, unknown>>): VirtualizationSpec;
  /** @param wanted undefined: no virtualization @param seconds limit of each wait */
  up(wanted: VirtualizationSpec | undefined, seconds?: number): Promise<Changes>;
  kubevirt(): Promise<KubeVirt | undefined>;
  /** Type of each condition of KubeVirt, and what it says, as `True AllComponentsReady`. */
  conditions(): Promise<Readonly<Record<string, string>>>;
  verified(): Promise<Verification>;
  /** The causes of an id, with stars in the place of what differs from run to run. */
  causes(id: ErrorId): Promise<readonly Pick<Cause, "object" | "message" | "fix">[]>;
  /** What `virt-ipi verify` prints of KubeVirt and of nodes, or of others, with stars in the place of what differs from run to run. */
  table(groups?: readonly string[]): Promise<string>;
  /** A manifest as a spec names it. */
  fileOf(manifest: string): PinnedFile;
  /** Prints what a test that failed has to tell. */
  tell(): Promise<void>;
  dispose(): Promise<void>;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** An operator beside KubeVirt's. */
export interface OtherOperator {
  /** With which it is installed. */
  readonly manifests: readonly string[];
  /** As the manifests' own version. */
  readonly version: string;
  readonly programOf: Programs;
}

const NAMESPACES = { cdi: "cdi", networkAddons: "cluster-network-addons" } as const;

/**
 * @param versions that are deployed
 * @param others operators that are real besides; there is a CDI that is played where it is none of them
 */
export async function startKubeVirtSite(
  versions: readonly Version[] = [VERSION],
  others: Readonly<Partial<Record<keyof typeof NAMESPACES, OtherOperator>>> = {},
): Promise<KubeVirtSite> {
  const named = Object.entries(others).map(([name, { programOf }]) => [NAMESPACES[name as keyof typeof NAMESPACES], programOf] as const);
  const rig = await startKubeVirtRig(versions, Object.fromEntries(named));
  const bench = await stackBench();
  const played = playedCdi()
    .map((object) => stringify(object))
    .join("---\n");
  const manifests = new Map<string, string>();
  const fileOf = (text: string): PinnedFile => {
    manifests.set(sha256(text), text);
    return { location: "/operator.yaml", sha256: sha256(text) };
  };
  const spec: KubeVirtSite["spec"] = (version = VERSION, own = {}) => {
    const component = (texts: readonly string[], release: string, object: Readonly<Record<string, unknown>> = {}) => ({
      version: release.slice(1),
      files: texts.map(fileOf),
      spec: object,
    });
    const { cdi = { manifests: [played], version: VERSION }, networkAddons } = others;
    return {
      operators: {
        source: "Manifests",
        kubevirt: component([rig.manifests.get(version) ?? ""], version, own),
        cdi: component(cdi.manifests, cdi.version),
        ...(networkAddons === undefined ? {} : { networkAddons: component(networkAddons.manifests, networkAddons.version) }),
      },
      emulation: "Auto",
      uninstallStrategy: "BlockUninstallIfWorkloadsExist",
      storage: { pools: [], profiles: [] },
      liveMigration: {},
    };
  };
  const program =
    (wanted: VirtualizationSpec | undefined, seconds: number): PulumiFn =>
    async () => {
      if (wanted !== undefined)
        await virtualization("virtualization", {
          spec: wanted,
          distribution: "kubernetes",
          infraID: "test-abcde",
          kubeconfig: rig.cluster.kubeconfig,
          timeoutMs: seconds * 1_000,
          manifests,
          dependsOn: [],
        });
      return {};
    };
  const kubevirt = (): Promise<KubeVirt | undefined> => rig.api.get<KubeVirt>(KUBEVIRT);
  const verified = async (): Promise<Verification> => {
    const client = await connectKube({ kubeconfig: rig.cluster.kubeconfig });
    try {
      return await verify(client, { spec: spec(), distribution: "kubernetes" }, { clock: systemClock });
    } finally {
      client.close();
    }
  };
  return {
    rig,
    bench,
    spec,
    up: async (wanted, seconds = 300) => {
      const driver = await bench.open({ pluginFolder: PLUGIN_FOLDER });
      await driver.recover();
      return { ...(await driver.up(program(wanted, seconds))).changes };
    },
    kubevirt,
    conditions: async () => saysOf((await kubevirt())?.status),
    verified,
    causes: async (id) =>
      (await verified()).causes
        .filter((cause) => cause.id === id)
        .map(({ object, message, fix }) => ({ object: steady(object), message: steady(message), fix: steady(fix) })),
    fileOf,
    table: async (groups = ["KubeVirt", "Nodes"]) => {
      const { rows, causes } = await verified();
      const real = rows.filter(({ group }) => groups.includes(group));
      return `${steady(verifyTable(real, causes))}\n`;
    },
    tell: async () => {
      console.log(await rig.logs());
      console.log(bench.events.slice(-15));
    },
    dispose: async () => {
      await bench.remove();
      await rig.dispose();
    },
  };
}

/** Suffixes that controllers choose, hashes of settings, addresses, where a long text was cut, how often something was tried, and times. */
const steady = (text: string): string =>
  text
    .replaceAll(/kubevirt-[0-9a-f]{40}-job\w{5}(-?\w{5})?/g, "kubevirt-*-job*")
    .replaceAll(/((?:virt|cdi)-\w+)-[0-9a-f]{7,10}-[0-9a-z]{5}/g, "$1-*-*")
    .replaceAll(/… [^"]*"/g, '… "')
    .replaceAll(/127\.40\.\d+\.\d+/g, "*")
    .replaceAll(/\d+ of its pods failed/g, "* of its pods failed")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "*");
