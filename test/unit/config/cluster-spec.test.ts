import { describe, expect, it } from "vitest";
import { type ClusterSpec, loadClusterSpec, parseInstallConfig } from "../../../src/config/index.ts";
import { vmFolder, type VSpherePlatformSpec } from "../../../src/config/platforms/vsphere/index.ts";
import {
  CA,
  ED25519,
  external,
  kvm,
  kvmBridge,
  none,
  PULL_SECRET,
  RSA,
  vsphere,
  vsphereFlat,
  vsphereStatic,
  vsphereZones,
  yamlOf,
  warningsOf,
} from "./verdicts/support.ts";

const spec = (base: typeof kvm, change: Readonly<Record<string, unknown>> = {}): ClusterSpec => loadClusterSpec(yamlOf(base, change));
const HOUR = 3_600_000;

describe("defaults", () => {
  it("of the smallest file for OpenShift", () => {
    const { config } = parseInstallConfig(yamlOf(none, { controlPlane: undefined, compute: undefined }));
    expect(config).toMatchObject({
      apiVersion: "v1",
      distribution: "openshift",
      publish: "External",
      additionalTrustBundlePolicy: "Proxyonly",
      fips: false,
      networking: {
        networkType: "OVNKubernetes",
        machineNetwork: [{ cidr: "10.0.0.0/16" }],
        clusterNetwork: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
        serviceNetwork: ["172.30.0.0/16"],
      },
      controlPlane: { name: "master", replicas: 3, hyperthreading: "Enabled", architecture: "amd64" },
      compute: [{ name: "worker", replicas: 3, hyperthreading: "Enabled", architecture: "amd64" }],
    });
  });

  it("of the smallest file for KVM", () => {
    expect(spec(kvm, { controlPlane: undefined, compute: undefined })).toEqual({
      name: "test",
      baseDomain: "example.com",
      clusterDomain: "test.example.com",
      distribution: "kubernetes",
      networking: {
        networkType: "Bridge",
        machineNetwork: ["192.168.126.0/24"],
        clusterNetwork: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
        serviceNetwork: ["172.30.0.0/16"],
      },
      vips: { api: ["192.168.126.5"], ingress: ["192.168.126.6"] },
      loadBalancer: "OpenShiftManagedDefault",
      pools: {
        controlPlane: { name: "master", role: "control-plane", replicas: 3, cpus: 2, memoryMB: 4096, diskSizeGB: 20 },
        compute: [{ name: "worker", role: "compute", replicas: 3, cpus: 2, memoryMB: 4096, diskSizeGB: 20 }],
      },
      hosts: [],
      sshKeys: [],
      platform: {
        name: "kvm",
        uri: "qemu:///system",
        network: { kind: "managed" },
        bootstrap: { cpus: 2, memoryMB: 4096, diskSizeGB: 20 },
      },
      timeouts: { infrastructure: HOUR / 2, bootstrap: HOUR, install: HOUR, operators: 0.75 * HOUR },
    });
  });

  it("of sizes for OpenShift on KVM", () => {
    const big = spec(kvm, { pullSecret: PULL_SECRET });
    expect(big.distribution).toBe("openshift");
    expect(big.pools.controlPlane).toMatchObject({ cpus: 4, memoryMB: 16384, diskSizeGB: 120 });
    expect(big.platform).toMatchObject({ bootstrap: { cpus: 4, memoryMB: 16384, diskSizeGB: 120 } });
  });

  it("of IPv6 host prefixes", () => {
    const given = { "networking.clusterNetwork": [{ cidr: "fd00:2::/48" }] };
    expect(parseInstallConfig(yamlOf(kvm, given)).config?.networking.clusterNetwork).toEqual([{ cidr: "fd00:2::/48", hostPrefix: 64 }]);
    // OpenShift has a default for the network alone that it chooses itself.
    expect(parseInstallConfig(yamlOf(none, given)).errors.map(({ path }) => path)).toContain("networking.clusterNetwork[0].hostPrefix");
  });
});

describe("a machine's size", () => {
  it("is the pool's, then defaultMachinePlatform's, then the distribution's, each part by itself", () => {
    const change = { "platform.kvm.defaultMachinePlatform": { cpus: 6, memoryMB: 6000 }, "controlPlane.platform.kvm": { memoryMB: 7000 } };
    expect(spec(kvm, change).pools.controlPlane).toMatchObject({ cpus: 6, memoryMB: 7000, diskSizeGB: 20 });
    expect(spec(kvm, change).pools.compute[0]).toMatchObject({ cpus: 6, memoryMB: 6000, diskSizeGB: 20 });
  });

  it("is vsphere's own on vsphere", () => {
    const pools = spec(vsphere, { "compute[0].platform.vsphere": { cpus: 8, osDisk: { diskSizeGB: 200 } } }).pools;
    expect(pools.compute[0]).toMatchObject({ cpus: 8, memoryMB: 16384, diskSizeGB: 200 });
    expect(pools.controlPlane).toMatchObject({ cpus: 4, memoryMB: 16384, diskSizeGB: 120 });
  });
});

describe("the cluster spec", () => {
  it("moves the VIPs with the machine network", () => {
    expect(spec(kvm, { "networking.machineNetwork": [{ cidr: "10.9.0.0/16" }] }).vips).toEqual({ api: ["10.9.0.5"], ingress: ["10.9.0.6"] });
  });

  it("knows what the platform is", () => {
    expect(spec(external).platform).toEqual({ name: "external", platformName: "rack", cloudControllerManager: "None" });
    expect(spec(kvmBridge, { "platform.kvm.storagePool": { path: "/srv/x" }, "platform.kvm.clusterOSImage": "/x.qcow2" }).platform).toMatchObject({
      network: { kind: "bridge", bridge: "br0" },
      storagePool: { kind: "folder", path: "/srv/x" },
      clusterOSImage: "/x.qcow2",
    });
    // Absent and false mean the same, also for the hash that tells a change.
    expect(spec(kvm, { "platform.kvm.allowRestart": true }).platform).toMatchObject({ allowRestart: true });
    expect(spec(kvm, { "platform.kvm.allowRestart": false })).toEqual(spec(kvm));
    expect(spec(kvm, { "platform.kvm.storagePool": { name: "images" } }).platform).toMatchObject({
      storagePool: { kind: "existing", name: "images" },
    });
  });

  it("has vsphere's failure domains complete, with clean paths", () => {
    const change = {
      "platform.vsphere.failureDomains[0].topology.computeCluster": "/dc/host//c/",
      "platform.vsphere.failureDomains[0].topology.template": "/dc/vm/t/",
      "platform.vsphere.diskType": "thin",
    };
    expect(spec(vsphere, change).platform).toEqual({
      name: "vsphere",
      vcenters: [{ server: "vc.example.com", port: 443, user: "admin", password: "s3cret", datacenters: ["dc"] }],
      failureDomains: [
        {
          name: "fd",
          region: "r",
          zone: "z",
          regionType: "Datacenter",
          zoneType: "ComputeCluster",
          server: "vc.example.com",
          topology: {
            datacenter: "dc",
            computeCluster: "/dc/host/c",
            resourcePool: "/dc/host/c/Resources",
            datastore: "/dc/datastore/d",
            networks: ["VM Network"],
            template: "/dc/vm/t",
            tagIDs: [],
          },
        },
      ],
      diskType: "thin",
      dnsRecordsType: "Internal",
      userProvisioned: false,
    });
  });

  it("keeps what vsphere's failure domains say for themselves", () => {
    const change = {
      "platform.vsphere.failureDomains[0].regionType": "ComputeCluster",
      "platform.vsphere.failureDomains[0].zoneType": "HostGroup",
      "platform.vsphere.failureDomains[0].topology.hostGroup": "rack-1",
      "platform.vsphere.failureDomains[0].topology.folder": "/dc/vm/f",
      "platform.vsphere.failureDomains[0].topology.resourcePool": "/dc/host/c/Resources/p",
      "platform.vsphere.failureDomains[0].topology.networks": ["a", "b"],
      "platform.vsphere.clusterOSImage": "/images/node.ova",
      "platform.vsphere.vcenters[0].port": 8443,
      "platform.vsphere.hosts": undefined,
    };
    expect(spec(vsphereStatic, change).platform).toMatchObject({
      vcenters: [{ port: 8443 }],
      failureDomains: [
        {
          regionType: "ComputeCluster",
          zoneType: "HostGroup",
          topology: { hostGroup: "rack-1", folder: "/dc/vm/f", resourcePool: "/dc/host/c/Resources/p", networks: ["a", "b"] },
        },
      ],
      clusterOSImage: "/images/node.ova",
    });
  });

  it("knows where machines of vsphere are put that the user has no folder for", () => {
    expect(vmFolder({ datacenter: "dc" }, "lab-12345")).toBe("/dc/vm/lab-12345");
    expect(vmFolder({ datacenter: "f/dc", folder: "/f/dc/vm/mine" }, "lab-12345")).toBe("/f/dc/vm/mine");
  });

  it("has the zones, sockets and disks of vsphere's pools", () => {
    const { controlPlane, compute } = spec(vsphereZones, { "compute[0].platform.vsphere.zones": ["fd-3"] }).pools;
    expect(controlPlane.vsphere).toEqual({ coresPerSocket: 4, zones: ["fd-1", "fd-2", "fd-3"], dataDisks: [] });
    expect(compute[0]?.vsphere?.zones).toEqual(["fd-3"]);
  });

  it("has smaller machines for upstream Kubernetes on vsphere", () => {
    expect(spec(vsphereStatic).pools.controlPlane).toMatchObject({ cpus: 2, memoryMB: 4096, diskSizeGB: 20, vsphere: { coresPerSocket: 2 } });
    const zeros = { "controlPlane.platform.vsphere": { cpus: 0, coresPerSocket: 0, memoryMB: 0, osDisk: { diskSizeGB: 0 } } };
    expect(spec(vsphereStatic, zeros).pools.controlPlane).toEqual(spec(vsphereStatic).pools.controlPlane);
  });

  it("carries keys, secrets, trust and proxy", () => {
    const full = spec(none, {
      sshKey: `${ED25519}\n\n${RSA}\n`,
      additionalTrustBundle: CA,
      "proxy.httpProxy": "http://p:3128",
      "proxy.noProxy": "",
    });
    expect(full).toMatchObject({
      sshKeys: [ED25519, RSA],
      pullSecret: PULL_SECRET,
      additionalTrustBundle: CA,
      proxy: { httpProxy: "http://p:3128" },
    });
  });

  it("has no trailing dot in its domain", () => {
    expect(spec(none, { baseDomain: "example.com." })).toMatchObject({ baseDomain: "example.com", clusterDomain: "test.example.com" });
  });

  it("has the hosts of the user, with all lists", () => {
    expect(spec(kvmBridge).hosts[0]).toEqual({ role: "control-plane", macAddress: "52:54:00:20:00:10", ipAddrs: ["10.20.0.10/24"], nameservers: [] });
  });

  it.each([
    ["45m", 2_700_000],
    ["1h30m", 5_400_000],
    ["90s", 90_000],
    ["1.5h", 5_400_000],
  ])("reads the timeout %s", (text, milliseconds) => {
    expect(spec(kvm, { "timeouts.install": text }).timeouts.install).toBe(milliseconds);
  });

  it.each(["45", "m", "-5m", "5 m", "5m!", "1h-30m", "5d", ""])("refuses the timeout %j", (text) => {
    expect(parseInstallConfig(yamlOf(kvm, { "timeouts.install": text })).errors).toMatchObject([{ path: "timeouts.install" }]);
  });
});

describe("conversion of deprecated keys", () => {
  it("gives the same spec as the keys of today, beside which they stay in the install-config", () => {
    const old = {
      "networking.machineCIDR": "10.1.0.0/16",
      "networking.serviceCIDR": "172.31.0.0/16",
      "networking.type": "ovnkubernetes",
      "networking.clusterNetworks": [{ cidr: "10.128.0.0/14", hostSubnetLength: 9 }],
      "platform.vsphere.apiVIPs": undefined,
      "platform.vsphere.apiVIP": "10.1.0.5",
      "platform.vsphere.ingressVIPs": ["10.1.0.6"],
    };
    const now = {
      "networking.machineNetwork": [{ cidr: "10.1.0.0/16" }],
      "networking.serviceNetwork": ["172.31.0.0/16"],
      "networking.clusterNetwork": [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
      "platform.vsphere.apiVIPs": ["10.1.0.5"],
      "platform.vsphere.ingressVIPs": ["10.1.0.6"],
    };
    const { openshift, ...made } = spec(vsphere, { ...old, "networking.machineNetwork": undefined });
    const { openshift: expected, ...same } = spec(vsphere, now);
    expect(made).toEqual(same);
    expect(openshift).toMatchObject(expected ?? {});
    expect(openshift?.config).toMatchObject({
      networking: { type: "ovnkubernetes", clusterNetworks: [{ hostSubnetLength: 9, hostPrefix: 23 }] },
      platform: { vsphere: { apiVIP: "10.1.0.5" } },
    });
  });

  it("turns the flat keys of vsphere into one vCenter with one failure domain", () => {
    const flat = { distribution: "kubernetes", "platform.vsphere.folder": "f", "platform.vsphere.resourcePool": "p" };
    expect(spec(vsphereFlat, flat)).toMatchObject({
      vips: { api: ["10.0.0.5"], ingress: ["10.0.0.6"] },
      platform: {
        vcenters: [{ server: "vc.example.com", port: 443, user: "admin", password: "s3cret", datacenters: ["dc"] }],
        failureDomains: [
          {
            name: "generated-failure-domain",
            region: "generated-region",
            zone: "generated-zone",
            server: "vc.example.com",
            topology: {
              datacenter: "dc",
              computeCluster: "/dc/host/c",
              datastore: "/dc/datastore/ds",
              folder: "/dc/vm/f",
              resourcePool: "/dc/host/c/Resources/p",
              networks: ["VM Network"],
            },
          },
        ],
        userProvisioned: false,
      },
    });
  });

  it("completes failure domains of 4.12 from the flat keys", () => {
    const topology = { computeCluster: "/dc/host/a", networks: ["n"], datastore: "/dc/datastore/a" };
    const elsewhere = { ...topology, datacenter: "dc2", computeCluster: "/dc2/host/a", datastore: "/dc2/datastore/a" };
    const domains = [topology, elsewhere].map((place, index) => ({ name: `a${index}`, region: "r", zone: `z${index}`, topology: place }));
    expect(spec(vsphereFlat, { "platform.vsphere.failureDomains": domains }).platform).toMatchObject({
      vcenters: [{ server: "vc.example.com", datacenters: ["dc", "dc2"] }],
      failureDomains: [
        { name: "a0", server: "vc.example.com", topology: { datacenter: "dc" } },
        { name: "a1", server: "vc.example.com", topology: { datacenter: "dc2" } },
      ],
    });
  });

  it("says of a file in the old form without network that machines are the user's to make", () => {
    const source = yamlOf(vsphereFlat, { "platform.vsphere.network": undefined });
    const { spec: made } = parseInstallConfig(source);
    const warnings = warningsOf(source);
    expect(made?.platform).toMatchObject({ userProvisioned: true, failureDomains: [{ topology: { networks: [] } }] });
    expect(warnings.map(({ path }) => path)).toContain("platform.vsphere.network");
  });

  it("warns of each flat key, and of each name taken for a path, where it stands", () => {
    const text = yamlOf(vsphereFlat, {});
    const warnings = warningsOf(text);
    const at = (key: string): number => text.split("\n").findIndex((line) => line.trim().startsWith(`${key}:`)) + 1;
    expect(warnings.map(({ path, line }) => `${path}:${line}`)).toEqual(
      [
        ...["vCenter", "username", "password", "datacenter", "defaultDatastore", "defaultDatastore", "cluster", "cluster", "network"],
        ...["apiVIP", "ingressVIP"],
      ].map((key) => `platform.vsphere.${key}:${at(key)}`),
    );
    expect(warnings.map(({ message }) => message)).toContain("is a name; taken for the path /dc/datastore/ds");
  });

  it("warns of flat keys that are not used", () => {
    const source = yamlOf(vsphere, { "platform.vsphere.cluster": "other" });
    const { spec: made } = parseInstallConfig(source);
    const warnings = warningsOf(source);
    expect(warnings).toMatchObject([{ path: "platform.vsphere.cluster", message: "is deprecated, and not used beside failureDomains; remove it" }]);
    expect(made?.platform).toEqual(spec(vsphere).platform);
  });

  const topologyKey = (key: string): string => `platform.vsphere.failureDomains[0].topology.${key}`;

  it.each([
    ["computeCluster", "c", "/dc/host/c"],
    ["computeCluster", "prod/c", "/dc/host/prod/c"],
    ["datastore", "nvme 1", "/dc/datastore/nvme 1"],
    ["datastore", "dc/datastore/nvme1", "/dc/datastore/nvme1"],
    ["resourcePool", "apps", "/dc/host/c/Resources/apps"],
    ["resourcePool", "Resources/apps/deep", "/dc/host/c/Resources/apps/deep"],
    ["resourcePool", "c/Resources/apps", "/dc/host/c/Resources/apps"],
    ["folder", "teams", "/dc/vm/teams"],
    ["template", "a%2Fb", "/dc/vm/a%2fb"],
  ])("takes %s %j for the path %s, and says so", (key, value, path) => {
    // OpenShift takes no names of resource pools.
    const source = yamlOf(vsphere, { distribution: "kubernetes", [topologyKey(key)]: value });
    const { spec: made } = parseInstallConfig(source);
    const warnings = warningsOf(source);
    expect(warnings).toMatchObject([{ path: topologyKey(key).replace("[0]", ""), message: `is a name; taken for the path ${path}` }]);
    const platform = made?.platform as VSpherePlatformSpec;
    expect(platform.failureDomains[0]?.topology).toMatchObject({ [key]: path });
    // Only what is no path at all is looked for in other folders.
    expect(platform.failureDomains[0]?.topology.byName ?? []).toEqual(value.includes("/") ? [] : [key]);
  });

  it("warns of each", () => {
    const warnings = warningsOf(yamlOf(none, { "networking.type": "OVNKubernetes", imageContentSources: [{ source: "quay.io/a" }] }));
    expect(warnings.map(({ path }) => path).toSorted()).toEqual(["imageContentSources", "networking.type"]);
  });
});

describe("warnings", () => {
  it("tell of Docker's bridge and of FIPS, and let the file pass", () => {
    const source = yamlOf(none, { fips: true, "networking.machineNetwork": [{ cidr: "172.17.0.0/24" }] });
    const { spec: made } = parseInstallConfig(source);
    const warnings = warningsOf(source);
    expect(warnings.map(({ path }) => path).toSorted()).toEqual(["fips", "networking.machineNetwork[0]"]);
    expect(made).toBeDefined();
  });

  it.each([
    ["memory that vSphere does not take", { "compute[0].platform.vsphere.memoryMB": 4097 }, "compute[0].platform.vsphere.memoryMB"],
    ["memory by default", { "platform.vsphere.defaultMachinePlatform.memoryMB": 4097 }, "platform.vsphere.defaultMachinePlatform.memoryMB"],
    [
      "a host group for nothing",
      { "platform.vsphere.failureDomains[0].topology.hostGroup": "rack-1" },
      "platform.vsphere.failureDomains.topology.hostGroup",
    ],
    [
      "a host in no machine network",
      { "platform.vsphere.hosts[0].networkDevice": { ipAddrs: ["192.168.1.9/24"], gateway: "192.168.1.1" } },
      "platform.vsphere.hosts.networkDevice.ipAddrs",
    ],
  ])("tell of %s, once, and let the file pass", (_, change, path) => {
    const source = yamlOf(vsphereStatic, change);
    const { spec: made } = parseInstallConfig(source);
    const warnings = warningsOf(source);
    expect(warnings.map((warning) => warning.path)).toEqual([path]);
    expect(made).toBeDefined();
  });

  it("tell of failure domains that are one and the same", () => {
    const twin = structuredClone((vsphere()["platform"] as { vsphere: { failureDomains: object[] } }).vsphere.failureDomains[0]);
    const warnings = warningsOf(yamlOf(vsphere, { "platform.vsphere.failureDomains[1]": { ...twin, name: "twin", zone: "z2" } }));
    expect(warnings.map(({ path, message }) => `${path} ${message}`)).toEqual([
      "platform.vsphere.failureDomains.topology of twin is that of fd: they will fail together",
    ]);
  });
});
