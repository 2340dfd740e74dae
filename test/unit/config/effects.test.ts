import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { kubernetesRenderer } from "../../../src/assets/kubernetes/index.ts";
import { parseKeyStore, readTemplates } from "../../../src/assets/index.ts";
import { ignitionText } from "../../../src/assets/ignition/index.ts";
import { manifestText } from "../../../src/assets/manifests/index.ts";
import { renderTls } from "../../../src/assets/tls/index.ts";
import type { AssetContext } from "../../../src/assets/distribution-renderer.ts";
import {
  type ClusterSpec,
  type ConfigIssue,
  type Distribution,
  parseInstallConfig,
  planMachines,
  planMachineSets,
} from "../../../src/config/index.ts";
import { effectOn, entryOf, KEY_EFFECTS, type Place } from "../../../src/config/effects/index.ts";
import { shapeOf, walkSchema } from "../../../src/config/fields/walk.ts";
import type { PlatformConfig } from "../../../src/config/platforms/platform-config.ts";
import { shownPath } from "../../../src/config/platforms/registry.ts";
import { PLATFORMS } from "../../../src/config/platforms/supported.ts";
import { installConfigSchema } from "../../../src/config/schema/install-config.ts";
import { setObjects, type MachineApiInput } from "../../../src/machines/program/objects.ts";
import { IDENTITY, makeSpec } from "../assets/spec.ts";
import { FULL_CONFIGS } from "./full-configs.ts";
import { baremetal, external, kvm, none, PULL_SECRET, type Tree, vsphere, yamlOf } from "./verdicts/support.ts";

/** What is said of each key is what is done: the table of effects against the validator and against what machines are given. */
const TEST = join(import.meta.dirname, "../..");
const DISTRIBUTIONS: readonly Distribution[] = ["kubernetes", "openshift", "okd"];
const BASES: Readonly<Record<string, () => Tree>> = { kvm, vsphere, baremetal, none, external };

const PATHS: string[] = [];
const LEAVES: string[] = [];
walkSchema(installConfigSchema, (path, schema) => {
  PATHS.push(path);
  if (Object.keys(shapeOf(schema) ?? {}).length === 0) LEAVES.push(path);
});

/** A value that is refused, or has no effect, of each key with such an entry. */
const VALUES: Readonly<Record<string, unknown>> = {
  kind: "Other",
  "metadata.annotations": { a: "b" },
  "metadata.labels": { a: "b" },
  "metadata.namespace": "clusters",
  "metadata.creationTimestamp": "2026-01-01T00:00:00Z",
  arbiter: { name: "arbiter", replicas: 1 },
  ...Object.fromEntries(
    ["controlPlane", "compute[]"].flatMap((pool) => [
      [`${pool}.name`, "other"],
      [`${pool}.architecture`, "arm64"],
      [`${pool}.management`, "MachineAPI"],
      [`${pool}.diskSetup`, [{ type: "swap", swap: { platformDiskID: "a" } }]],
      [`${pool}.fencing`, { credentials: [] }],
    ]),
  ),
  "networking.networkType": "Calico",
  "networking.type": "Calico",
  "networking.clusterNetworkMTU": 9000,
  "networking.ovnKubernetesConfig": { ipv4: { internalJoinSubnet: "100.65.0.0/16" } },
  additionalNTPServers: ["10.0.0.1"],
  release: { version: "4.21" },
  publish: "Internal",
  operatorPublishingStrategy: { apiserver: "Internal" },
  fips: true,
  cpuPartitioningMode: "AllNodes",
  credentialsMode: "Mint",
  bootstrapInPlace: { installationDisk: "/dev/vda" },
  capabilities: { baselineCapabilitySet: "vCurrent" },
  featureSet: "TechPreviewNoUpgrade",
  featureGates: ["A=true"],
  osImageStream: "rhel-9",
  pki: { signerCertificates: { key: { algorithm: "RSA", rsa: { keySize: 4096 } } } },
  "virtualization.users": { htpasswd: "a:b" },
  "virtualization.manifests": { mirror: "https://mirror.example.com" },
  "virtualization.pipelines.channel": "latest",
  "virtualization.pipelines.files": [{ location: "/a.yaml", sha256: "ab".repeat(32) }],
  machineManagement: "MachineSets",
  "controlPlane.machineSet": { state: "Inactive" },
  "compute[].healthCheck": {},
  "compute[].drainTimeout": "30m",
  "compute[].autoscaling": { minReplicas: 1, maxReplicas: 5 },
  "platform.vsphere.nodeNetworking": { internal: { networkSubnetCidr: ["10.0.0.0/16"] } },
  "platform.vsphere.dnsRecordsType": "Internal",
};

const isOf = (path: string, platform: PlatformConfig): boolean => {
  const [, name] = /^(?:.*\.)?platform\.([^.]+)/.exec(path) ?? [];
  return name === undefined || name === platform.name;
};

const fileWith = (platform: PlatformConfig, distribution: Distribution, path: string, value: unknown): string =>
  yamlOf(BASES[platform.name] ?? expect.fail(`${platform.name} has no base`), {
    distribution,
    pullSecret: PULL_SECRET,
    [path.replaceAll("[]", "[0]")]: value,
  });

/** Deprecated keys are told of by the key of today. */
const NOW: Readonly<Record<string, string>> = { "networking.type": "networking.networkType" };

const at = (issues: readonly ConfigIssue[], path: string): readonly ConfigIssue[] => {
  const shown = shownPath((NOW[path] ?? path).replaceAll("[]", "[0]"));
  return issues.filter((issue) => issue.path === shown || issue.path.startsWith(`${shown}.`) || issue.path.startsWith(`${shown}[`));
};

const CASES = Object.entries(KEY_EFFECTS).flatMap(([path, entry]) =>
  DISTRIBUTIONS.flatMap((distribution) =>
    PLATFORMS.filter((platform) => isOf(path, platform) && (distribution !== "kubernetes" || platform.makesMachines)).map((platform) => ({
      path,
      distribution,
      platform,
      name: platform.name,
      effect: effectOn(entry, distribution, platform),
    })),
  ),
);

describe("the table of effects", () => {
  it("decides about every key, and about none that is not there", () => {
    expect(PATHS.filter((path) => entryOf(path) === undefined)).toEqual([]);
    // What a new key does must be said of it, not of all that are beside it.
    const own = Object.keys(shapeOf(installConfigSchema) ?? {});
    for (const pool of ["controlPlane", "compute"] as const) {
      const at = pool === "compute" ? "compute[]" : pool;
      own.push(...Object.keys(shapeOf(installConfigSchema.shape[pool]) ?? {}).flatMap((key) => (key === "replicas" ? [] : `${at}.${key}`)));
    }
    expect(own.filter((path) => KEY_EFFECTS[path] === undefined)).toEqual([]);
    expect(Object.keys(KEY_EFFECTS).filter((path) => !PATHS.includes(path))).toEqual([]);
  });

  it.each(CASES.filter(({ effect }) => effect.is === "refused" || effect.is === "only"))(
    "has $path refused by $distribution on $name",
    ({ path, distribution, platform, effect }) => {
      expect(VALUES).toHaveProperty([path]);
      const { errors, warnings } = parseInstallConfig(fileWith(platform, distribution, path, VALUES[path]));
      // What OpenShift's installer accepts all the same is a warning for its distributions.
      const accepted = warnings.filter(({ message }) => message.endsWith("OpenShift's installer accepts it"));
      expect(at([...errors, ...(distribution === "kubernetes" ? [] : accepted)], path)).not.toEqual([]);
      if (effect.is === "only")
        for (const value of effect.values) expect(at(parseInstallConfig(fileWith(platform, distribution, path, value)).errors, path)).toEqual([]);
    },
  );

  it.each(CASES.filter(({ effect }) => effect.is === "ignored"))(
    "has $path warned of by $distribution on $name",
    ({ path, distribution, platform }) => {
      expect(VALUES).toHaveProperty([path]);
      const { errors, warnings } = parseInstallConfig(fileWith(platform, distribution, path, VALUES[path]));
      expect([at(errors, path), at(warnings, path).length]).toEqual([[], 1]);
    },
  );

  it.each(PLATFORMS.filter(({ makesMachines }) => !makesMachines))("has kubernetes refused on $name", (platform) => {
    const { errors } = parseInstallConfig(fileWith(platform, "kubernetes", "baseDomain", "example.com"));
    expect(at(errors, "distribution")).toHaveLength(1);
  });
});

let context: Omit<AssetContext, "spec" | "machines">;
beforeAll(async () => {
  const keys = parseKeyStore(await readFile(join(TEST, "golden/assets/fixture-keys.json"), "utf8"));
  const tls = await renderTls(kubernetesRenderer.tlsTable, keys, { identity: IDENTITY, spec: makeSpec(1, 1) });
  context = { identity: IDENTITY, tls, kubeconfigs: new Map(), templates: await readTemplates(join(TEST, "../templates")) };
});

const MACHINE_API: MachineApiInput = { identity: IDENTITY, sets: [], providerSpec: ({ pool }) => ({ cpus: pool.cpus }) };

/** All that can be seen of a cluster in a place. */
function seenIn(place: Place, spec: ClusterSpec): unknown {
  const machines = planMachines(spec, IDENTITY);
  const assets = { ...context, spec, machines };
  const given = [
    ...[...kubernetesRenderer.machineConfigs(assets).values()].map(ignitionText),
    ...kubernetesRenderer.manifests(assets).map(manifestText),
  ];
  switch (place) {
    case "machines":
      return [spec.distribution, given];
    case "infrastructure":
      return [machines, spec.platform, given];
    case "cluster":
      return [spec.virtualization, planMachineSets(spec, IDENTITY).flatMap((set) => [...setObjects(set, MACHINE_API).values()])];
    case "installer":
      return spec.timeouts;
  }
}

/** The file without a key, in all items of the lists on the way; undefined where it is not in it. */
function without(tree: Tree, path: string): Tree | undefined {
  const copy = structuredClone(tree);
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  let parents: unknown[] = [copy];
  for (const key of keys) parents = parents.flatMap((parent) => (parent as Tree | undefined)?.[key.replace("[]", "")] ?? []);
  const holders = parents.filter((parent): parent is Tree => typeof parent === "object" && parent !== null && last in parent);
  for (const holder of holders) delete holder[last];
  return holders.length === 0 ? undefined : copy;
}

const textOf = (tree: Tree): string => yamlOf(() => tree, {});
const specOf = (tree: Tree): ClusterSpec | undefined => parseInstallConfig(textOf(tree)).spec;

describe.each(PLATFORMS.filter(({ makesMachines }) => makesMachines))("on platform $name", (platform) => {
  const files = FULL_CONFIGS[platform.name] ?? [];
  const effective = LEAVES.flatMap((path) => {
    const entry = entryOf(path)?.entry;
    const effect = entry === undefined ? undefined : effectOn(entry, "kubernetes", platform);
    // The keys that all platforms have are looked at on one of them.
    const isHere = isOf(path, platform) && (path.includes("platform.") || platform === PLATFORMS[0]);
    return effect?.is === "effective" && isHere ? [{ path, where: effect.where }] : [];
  });

  it("the full files are valid", () => {
    for (const tree of files) expect(parseInstallConfig(textOf(tree)).errors).toEqual([]);
  });

  it.each(effective)("$path has an effect: $where", ({ path, where }) => {
    const pairs = files.flatMap((tree) => {
      const less = without(tree, path);
      return less === undefined ? [] : [{ tree, less }];
    });
    expect(pairs, "no full file has it").not.toEqual([]);
    // Where it is required, the file is not valid without it.
    const changes = pairs.map(({ tree, less }) => {
      const [all, some] = [specOf(tree), specOf(less)];
      return all !== undefined && (some === undefined || JSON.stringify(seenIn(where, all)) !== JSON.stringify(seenIn(where, some)));
    });
    expect(changes).toContain(true);
  });
});
