import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { KeyStore } from "../../../../src/assets/index.ts";
import { OPENSHIFT_VERSIONS } from "../../../../src/config/openshift/contract.ts";
import { fixtureKeys, inputOf, renderScenario } from "../../../golden/openshift/scenarios.ts";
import { ignitionFiles } from "../../../helpers/ignition-files.ts";
import { baremetal, type Case, external, none, vsphere, yamlOf } from "../../config/verdicts/support.ts";

/** What assets hold of what is given, not given, or given empty: where OpenShift's installer leaves a key out, and where it writes one without a value. */
type Row = readonly [title: string, base: Case[1], change: Readonly<Record<string, unknown>>, path: string, key: string, expected: unknown];

const INFRASTRUCTURE = "manifests/cluster-infrastructure-02-config.yml";
const MIRRORS = "manifests/image-digest-mirror-set.yaml";
const CONFIG = "manifests/cluster-config.yaml";
const SOURCES = { imageDigestSources: [{ source: "quay.io/a", mirrors: ["mirror.example.com/a"] }, { source: "quay.io/b" }] };
const OLD_NETWORKS = {
  "networking.clusterNetwork": undefined,
  "networking.clusterNetworks": [{ cidr: "10.128.0.0/14", hostSubnetLength: 9 }],
};
const LONG_NETWORK = {
  "networking.machineNetwork": [{ cidr: "10.0.0.0/16" }, { cidr: "FD00:00a0:1::/64" }],
  "networking.clusterNetwork": [
    { cidr: "10.128.0.0/14", hostPrefix: 23 },
    { cidr: "fd01::/48", hostPrefix: 64 },
  ],
  "networking.serviceNetwork": ["172.30.0.0/16", "fd02:0:0::/112"],
};
const HALF = { release: { version: "5.0" }, "platform.vsphere.nodeNetworking": { external: { network: "VM Network" } } };
const OLD_VIPS = { "platform.baremetal.apiVIPs": undefined, "platform.baremetal.apiVIP": "10.0.0.5" };
const HOST = "platform.baremetal.hosts.0";
const HOST_PATH = "platform.baremetal.hosts[0]";
const HINTS = { [`${HOST_PATH}.rootDeviceHints`]: { rotational: false, minSizeGigabytes: 0, model: "" } };
const NETWORK = { interfaces: [{ name: "eno1", mtu: 0, ipv4: { enabled: true, dhcp: false, address: [] } }], dns: "" };
const OTHER_NETWORK = { networkType: "Calico", clusterNetwork: [{ cidr: "10.128.0.0/14" }] };

const ROWS: readonly Row[] = [
  ["no platformName", external, { "platform.external": {} }, INFRASTRUCTURE, "spec.platformSpec.external", {}],
  ["an empty platformName", external, { "platform.external.platformName": "" }, INFRASTRUCTURE, "spec.platformSpec.external", {}],
  ["a platformName", external, {}, INFRASTRUCTURE, "spec.platformSpec.external", { platformName: "rack" }],
  ["no controller manager", external, { "platform.external.cloudControllerManager": "" }, CONFIG, "platform.external", { platformName: "rack" }],
  ["no mirrors", none, SOURCES, MIRRORS, "spec.imageDigestMirrors.1", { source: "quay.io/b" }],
  [
    "no prefix of nodes",
    none,
    { networking: OTHER_NETWORK },
    "manifests/cluster-network-02-config.yml",
    "spec.clusterNetwork.0",
    { cidr: "10.128.0.0/14" },
  ],
  ["a given cpuPartitioningMode", none, { cpuPartitioningMode: "None" }, CONFIG, "cpuPartitioningMode", "None"],
  ["no cpuPartitioningMode", none, {}, CONFIG, "cpuPartitioningMode", undefined],
  ["no cpuPartitioningMode", none, {}, INFRASTRUCTURE, "status.cpuPartitioning", "None"],
  ["an MTU of 0", none, { "networking.clusterNetworkMTU": 0 }, CONFIG, "networking.clusterNetworkMTU", undefined],
  ["annotations", none, { "metadata.annotations": { note: "" } }, CONFIG, "metadata", { name: "test", annotations: { note: "" } }],
  ["no annotations", none, { "metadata.annotations": {} }, CONFIG, "metadata", { name: "test" }],
  [
    "old names of networks",
    none,
    OLD_NETWORKS,
    CONFIG,
    "networking.clusterNetworks.0",
    { cidr: "10.128.0.0/14", hostPrefix: 23, hostSubnetLength: 9 },
  ],
  ["old names of VIPs", baremetal, OLD_VIPS, CONFIG, "platform.baremetal.apiVIP", OLD_VIPS["platform.baremetal.apiVIP"]],
  ["hints that are false or 0", baremetal, HINTS, CONFIG, `${HOST}.rootDeviceHints`, { rotational: false }],
  ["a host's network", baremetal, { [`${HOST_PATH}.networkConfig`]: NETWORK }, CONFIG, `${HOST}.networkConfig`, NETWORK],
  ["a network with zeros", none, LONG_NETWORK, CONFIG, "networking.machineNetwork.1.cidr", "fd00:a0:1::/64"],
  ["a network with zeros", external, LONG_NETWORK, "manifests/cluster-network-02-config.yml", "spec.serviceNetwork.1", "fd02::/112"],
  ["half of nodeNetworking", vsphere, HALF, CONFIG, "platform.vsphere.nodeNetworking", { external: { network: "VM Network" }, internal: {} }],
  ["no policy of mirrors", none, SOURCES, CONFIG, "imageDigestSources.1", { source: "quay.io/b", sourcePolicy: "" }],
];

let keys: KeyStore;
beforeAll(async () => {
  keys = await fixtureKeys(await inputOf("baremetal", "4.21"), false);
});

/** Of the install-config that the cluster keeps, or of the object itself. */
function at(content: string, key: string): unknown {
  const object = parse(content) as { readonly data?: Readonly<Record<string, string>> };
  const kept = object.data?.["install-config"];
  return key
    .split(".")
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], kept === undefined ? object : parse(kept));
}

describe("keys of manifests", () => {
  it.each(ROWS.map(([title, ...row]) => ({ title, row })))("$title", async ({ row: [base, change, path, key, expected] }) => {
    const assets = await renderScenario(yamlOf(base, change), keys);
    expect(at(assets.get(path)?.content ?? "", key)).toEqual(expected);
  });
});

/** Versions whose cluster would give machines another image than the user's own. */
const REPLACES_IMAGES: readonly string[] = ["4.22", "5.0"];

describe.each(OPENSHIFT_VERSIONS)("%s", (version) => {
  it.each([
    ["a template", { "platform.vsphere.failureDomains[0].topology.template": "/dc/vm/own" }],
    ["an image", { "platform.vsphere.clusterOSImage": "http://mirror.example.com/own.ova" }],
    ["neither", {}],
  ])("keeps machines on the user's own image: %s", async (given, change) => {
    const assets = await renderScenario(yamlOf(vsphere, { ...change, release: { version } }), keys);
    expect(assets.has("manifests/90_cluster-mco-02-config.yaml")).toBe(given !== "neither" && REPLACES_IMAGES.includes(version));
  });
});

const MACHINE = "openshift/99_openshift-cluster-api_master-machines-0.yaml";
const STREAM = "coreos.openshift.io/stream";

describe.each([
  ["4.22", "v1alpha1", { matchLabels: { [STREAM]: "rhel-9" } }, { port: 443 }],
  ["5.0", "v1", { matchExpressions: [{ key: STREAM, operator: "notin", values: ["rhel-9"] }] }, {}],
])("streams and cloud config of %s", (version, stream, hostSelector, port) => {
  const release = { release: { version }, featureSet: "TechPreviewNoUpgrade" };

  it("names the cluster's stream, and the hosts that follow it", async () => {
    const assets = await renderScenario(
      (await inputOf("baremetal", version)).replace("platform:", "featureSet: TechPreviewNoUpgrade\nplatform:"),
      keys,
    );
    expect(at(assets.get("openshift/99_osimagestream.yaml")?.content ?? "", "apiVersion")).toBe(`machineconfiguration.openshift.io/${stream}`);
    expect(at(assets.get(MACHINE)?.content ?? "", "spec.providerSpec.value.hostSelector")).toEqual(hostSelector);
  });

  it("says to the cloud provider only what is set", async () => {
    const assets = await renderScenario(yamlOf(vsphere, release), keys);
    const map = parse(assets.get("manifests/cloud-provider-config.yaml")?.content ?? "") as { readonly data: { readonly config: string } };
    expect(parse(map.data.config)).toEqual({
      global: { insecureFlag: true, secretName: "vsphere-creds", secretNamespace: "kube-system" },
      vcenter: { "vc.example.com": { datacenters: ["dc"], server: "vc.example.com", ...port } },
      ...(version === "5.0" ? { nodes: { externalNetworkSubnetCidr: "10.0.0.0/16", internalNetworkSubnetCidr: "10.0.0.0/16" } } : {}),
    });
    expect(at(assets.get(CONFIG)?.content ?? "", "platform.vsphere.dnsRecordsType")).toBe("Internal");
  });
});

const SECRET = "openshift/99_openshift-etcd_fencing-credentials-secrets-0.yaml";

describe.each([
  ["4.19", "var-ostree\\x2dcontainer.mount", false],
  ["4.21", "var-ostreecontainer.mount", true],
])("%s", (version, mount, hasSecrets) => {
  it("gives the cluster Secrets with fencing credentials, or none", async () => {
    const assets = await renderScenario(await inputOf("baremetal-fencing", version), keys);
    expect(assets.has(SECRET)).toBe(hasSecrets);
  });

  it("keeps of fencing credentials what its installer knows", async () => {
    const input = await inputOf("baremetal-fencing", version);
    const assets = await renderScenario(input.replaceAll("{ hostName:", "{ certificateVerification: Disabled, hostName:"), keys);
    expect(at(assets.get(CONFIG)?.content ?? "", "controlPlane.fencing.credentials.0.certificateVerification")).toBe(
      hasSecrets ? "Disabled" : undefined,
    );
  });

  it("mounts the repository of OS images", async () => {
    const assets = await renderScenario(await inputOf("none", version), keys);
    expect([...ignitionFiles(assets.get("bootstrap.ign")?.content ?? "").keys()]).toContain(`/etc/systemd/system/${mount}`);
  });
});

describe("the bootstrap machine's address of its provisioner", () => {
  it.each([
    ["baremetal", "192.168.111.5"],
    ["baremetal-managed", "192.168.111.5"],
  ])("is the API's, over TLS: %s", async (scenario, host) => {
    const assets = await renderScenario(await inputOf(scenario, "5.0"), keys);
    const clouds = ignitionFiles(assets.get("bootstrap.ign")?.content ?? "").get("/opt/metal3/auth/clouds.yaml")?.text ?? "";
    expect(parse(clouds)).toMatchObject({
      clouds: {
        "metal3-bootstrap": {
          baremetal_endpoint_override: `https://${host}:6385/v1`,
          baremetal_introspection_endpoint_override: `http://${host}:5050/v1`,
        },
      },
    });
  });
});
