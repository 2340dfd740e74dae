import { describe, expect, it } from "vitest";
import { type ClusterSpec, loadClusterSpec, parseInstallConfig } from "../../../src/config/index.ts";
import { CA, ED25519, external, kvm, kvmBridge, none, PULL_SECRET, RSA, vsphere, yamlOf } from "./verdicts/support.ts";

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
      cpuPartitioningMode: "None",
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
        machineManagement: "Static",
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
    const { config } = parseInstallConfig(yamlOf(none, { "networking.clusterNetwork": [{ cidr: "fd00:2::/48" }] }));
    expect(config?.networking.clusterNetwork).toEqual([{ cidr: "fd00:2::/48", hostPrefix: 64 }]);
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
    expect(spec(external).platform).toEqual({ name: "external" });
    expect(spec(kvmBridge, { "platform.kvm.storagePool": { path: "/srv/x" }, "platform.kvm.clusterOSImage": "/x.qcow2" }).platform).toMatchObject({
      network: { kind: "bridge", bridge: "br0" },
      storagePool: { kind: "folder", path: "/srv/x" },
      clusterOSImage: "/x.qcow2",
    });
    expect(spec(kvm, { "platform.kvm.storagePool": { name: "images" } }).platform).toMatchObject({
      storagePool: { kind: "existing", name: "images" },
    });
  });

  it("carries keys, secrets, trust and proxy", () => {
    const full = spec(none, {
      sshKey: `${ED25519}\n# comment\n${RSA}\n`,
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
  it("gives the same spec as the keys of today", () => {
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
    expect(spec(vsphere, { ...old, "networking.machineNetwork": undefined })).toEqual(spec(vsphere, now));
  });

  it("warns of each", () => {
    const { warnings } = parseInstallConfig(yamlOf(none, { "networking.type": "OVNKubernetes", imageContentSources: [{ source: "quay.io/a" }] }));
    expect(warnings.map(({ path }) => path).toSorted()).toEqual(["imageContentSources", "networking.type"]);
  });
});

describe("warnings", () => {
  it("tell of Docker's bridge and of FIPS, and let the file pass", () => {
    const { warnings, spec: made } = parseInstallConfig(yamlOf(none, { fips: true, "networking.machineNetwork": [{ cidr: "172.17.0.0/24" }] }));
    expect(warnings.map(({ path }) => path).toSorted()).toEqual(["fips", "networking.machineNetwork[0]"]);
    expect(made).toBeDefined();
  });
});
