import { stringify } from "yaml";
import { type ConfigIssue, type IssueKind, parseInstallConfig } from "../../../../src/config/index.ts";

/** An expected issue: path, kind, and a part of the message. */
export type Expected = readonly [path: string, kind: IssueKind, fragment: string];

/** A valid base, what is changed in it (undefined removes a key), and all errors that this must bring: none means valid. */
export type Case = readonly [title: string, base: () => Tree, change: Readonly<Record<string, unknown>>, ...expected: Expected[]];

export interface Tree {
  [key: string]: unknown;
}

export const REQUIRED = "Required value";
export const INVALID = "Invalid value";
export const UNSUPPORTED = "Unsupported value";
export const DUPLICATE = "Duplicate value";
export const FORBIDDEN = "Forbidden";
export const TOO_MANY = "Too many";

/** The YAML of a base with changes. Paths are as in messages: `compute[0].name`. */
export function yamlOf(base: () => Tree, change: Readonly<Record<string, unknown>>): string {
  const tree = structuredClone(base());
  for (const [path, value] of Object.entries(change)) put(tree, path, value);
  return stringify(tree, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false });
}

const isUninstallable = ({ path, message }: ConfigIssue): boolean => path === "distribution" && message.includes("this version cannot install it");

/** Warnings of a file, without the one that every file for a distribution has that cannot be installed yet. */
export const warningsOf = (source: string): readonly ConfigIssue[] =>
  parseInstallConfig(source).warnings.filter((warning) => !isUninstallable(warning));

function put(tree: Tree, path: string, value: unknown): void {
  const keys = path.replaceAll(/\[(\d+)\]/g, ".$1").split(".");
  const last = keys.pop() ?? "";
  let at = tree;
  for (const [index, key] of keys.entries()) at = (at[key] ??= /^\d+$/.test(keys[index + 1] ?? last) ? [] : {}) as Tree;
  if (value === undefined) delete at[last];
  else at[last] = value;
}

function sshKey(type: string, ...parts: readonly Uint8Array[]): string {
  const blob = [Buffer.from(type), ...parts].map((part) => Buffer.concat([Buffer.from([0, 0, part.length >> 8, part.length & 255]), part]));
  return `${type} ${Buffer.concat(blob).toString("base64")} you@example.com`;
}

export const ED25519 = sshKey("ssh-ed25519", new Uint8Array(32).fill(7));
export const RSA = sshKey("ssh-rsa", Uint8Array.of(1, 0, 1), new Uint8Array(257).fill(9));
export const ECDSA = sshKey("ecdsa-sha2-nistp256", Buffer.from("nistp256"), new Uint8Array(65).fill(4));

export const PULL_SECRET = JSON.stringify({ auths: { "quay.io": { auth: "bm90LWEtc2VjcmV0" } } });

export const CA = `-----BEGIN CERTIFICATE-----
MIIBejCCASGgAwIBAgIURpnTsmN+mx6KM3U7Drzonn3/LgYwCgYIKoZIzj0EAwIw
EjEQMA4GA1UEAwwHdGVzdC1jYTAgFw0yNjExMjEwNjEwMDhaGA8yMTI2MTAyODA2
MTAwOFowEjEQMA4GA1UEAwwHdGVzdC1jYTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABEOUkmjz0lMot3j/GgnnbONgWd9+3Ave9N7PcxIXPxPFNb9bCMZsH9J7nAj0
yA7bBu3xXXzdAeZdicLmAOaeAXGjUzBRMB0GA1UdDgQWBBSZo1ij8yedZo6xAT1F
5RQk/aHQYzAfBgNVHSMEGDAWgBSZo1ij8yedZo6xAT1F5RQk/aHQYzAPBgNVHRMB
Af8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIA1mlTkvx+T13/WXJbaYU4jQiHSe
toghTXyJEfBQESZUAiBFrVEtZs9LvmTPjRruJY+gyhGBPj3BmxU4OgLVmhJvlg==
-----END CERTIFICATE-----
`;

const common = (): Tree => ({
  apiVersion: "v1",
  baseDomain: "example.com",
  metadata: { name: "test" },
  pullSecret: PULL_SECRET,
  controlPlane: { name: "master", replicas: 3 },
  compute: [{ name: "worker", replicas: 2 }],
});

/** What the newest version takes. */
export const NEWEST = { release: { version: "5.0" } } as const;

/** With what the default version has behind gates. */
export const PREVIEW = { featureSet: "TechPreviewNoUpgrade" } as const;

export const none = (): Tree => ({ ...common(), platform: { none: {} } });

export const external = (): Tree => ({ ...common(), platform: { external: { platformName: "rack" } } });

export const vsphere = (): Tree => ({
  ...common(),
  networking: { machineNetwork: [{ cidr: "10.0.0.0/16" }] },
  platform: {
    vsphere: {
      vcenters: [{ server: "vc.example.com", user: "admin", password: "s3cret", datacenters: ["dc"] }],
      failureDomains: [
        {
          name: "fd",
          region: "r",
          zone: "z",
          server: "vc.example.com",
          topology: { datacenter: "dc", computeCluster: "/dc/host/c", networks: ["VM Network"], datastore: "/dc/datastore/d" },
        },
      ],
      apiVIPs: ["10.0.0.5"],
      ingressVIPs: ["10.0.0.6"],
    },
  },
});

const domain = (name: string, server: string, datacenter: string, cluster: string): Tree => ({
  name,
  region: `region-${datacenter}`,
  zone: `zone-${cluster}`,
  server,
  topology: {
    datacenter,
    computeCluster: `/${datacenter}/host/${cluster}`,
    networks: ["VM Network"],
    datastore: `/${datacenter}/datastore/${cluster}-ds`,
    resourcePool: `/${datacenter}/host/${cluster}/Resources/openshift`,
  },
});

/** Two vCenters, three failure domains. */
export const vsphereZones = (): Tree => ({
  ...vsphere(),
  platform: {
    vsphere: {
      vcenters: [
        { server: "vc1.example.com", user: "admin", password: "s3cret", datacenters: ["dc1", "dc2"] },
        { server: "10.9.9.9", port: 8443, user: "corp\\admin", password: "s3cret", datacenters: ["dc3"] },
      ],
      failureDomains: [
        domain("fd-1", "vc1.example.com", "dc1", "c1"),
        domain("fd-2", "vc1.example.com", "dc2", "c2"),
        domain("fd-3", "10.9.9.9", "dc3", "c3"),
      ],
      apiVIPs: ["10.0.0.5"],
      ingressVIPs: ["10.0.0.6"],
    },
  },
});

const staticHost = (role: string, number: number): Tree => ({
  role,
  networkDevice: { ipAddrs: [`10.0.1.${number}/16`], gateway: "10.0.0.1", nameservers: ["10.0.0.2"] },
});

/** Upstream Kubernetes with static addresses: 1 + 3 + 2 machines. */
export const vsphereStatic = (): Tree => {
  const { pullSecret: _, ...base } = vsphere() as Tree & { platform: { vsphere: Tree } };
  const hosts = [
    staticHost("bootstrap", 9),
    ...[10, 11, 12].map((number) => staticHost("control-plane", number)),
    ...[20, 21].map((number) => staticHost("compute", number)),
  ];
  return { ...base, distribution: "kubernetes", platform: { vsphere: { ...base.platform.vsphere, hosts } } };
};

/** A file in the form of before OpenShift 4.13. */
export const vsphereFlat = (): Tree => ({
  ...vsphere(),
  platform: {
    vsphere: {
      vCenter: "vc.example.com",
      username: "admin",
      password: "s3cret",
      datacenter: "dc",
      defaultDatastore: "ds",
      cluster: "c",
      network: "VM Network",
      apiVIP: "10.0.0.5",
      ingressVIP: "10.0.0.6",
    },
  },
});

/** A host with a management controller that needs no provisioning network. */
export const bmcHost = (name: string, number: number, role?: string): Tree => ({
  name,
  ...(role === undefined ? {} : { role }),
  bootMACAddress: `52:54:00:00:00:${String(number)}`,
  bmc: { address: `redfish-virtualmedia://192.0.2.${String(number)}/redfish/v1/Systems/1`, username: "admin", password: "s3cret" },
});

/** Of seven hosts two have no role yet. */
export const baremetal = (): Tree => ({
  ...common(),
  platform: {
    baremetal: {
      apiVIPs: ["10.0.0.5"],
      ingressVIPs: ["10.0.0.6"],
      hosts: [
        ...[11, 12, 13].map((number) => bmcHost(`control-${number}`, number, "master")),
        ...[21, 22].map((number) => bmcHost(`compute-${number}`, number, "worker")),
        ...[31, 32].map((number) => bmcHost(`spare-${number}`, number)),
      ],
    },
  },
});

/** Upstream Kubernetes on a managed network. */
export const kvm = (): Tree => ({
  apiVersion: "v1",
  baseDomain: "example.com",
  metadata: { name: "test" },
  controlPlane: { name: "master", replicas: 3 },
  compute: [{ name: "worker", replicas: 2 }],
  platform: { kvm: {} },
});

/** Upstream Kubernetes on a bridge of the user's, with static hosts. */
export const kvmBridge = (): Tree => ({
  ...kvm(),
  networking: { machineNetwork: [{ cidr: "10.20.0.0/24" }] },
  platform: {
    kvm: {
      network: { bridge: "br0" },
      apiVIPs: ["10.20.0.5"],
      ingressVIPs: ["10.20.0.6"],
      hosts: [
        { role: "control-plane", macAddress: "52:54:00:20:00:10", networkDevice: { ipAddrs: ["10.20.0.10/24"] } },
        { role: "compute", macAddress: "52:54:00:20:00:20", networkDevice: { ipAddrs: ["10.20.0.20/24"] } },
      ],
    },
  },
});

const NETWORKS_4 = {
  machineNetwork: [{ cidr: "10.0.0.0/16" }],
  clusterNetwork: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
  serviceNetwork: ["172.30.0.0/16"],
};
const NETWORKS_6 = {
  machineNetwork: [{ cidr: "fd00:1::/64" }],
  clusterNetwork: [{ cidr: "fd00:2::/48", hostPrefix: 64 }],
  serviceNetwork: ["fd00:3::/112"],
};

export const ipv6 = (): Tree => ({ ...none(), networking: NETWORKS_6 });

export const dualStack = (platform: () => Tree): Tree => ({
  ...platform(),
  networking: {
    machineNetwork: [...NETWORKS_4.machineNetwork, ...NETWORKS_6.machineNetwork],
    clusterNetwork: [...NETWORKS_4.clusterNetwork, ...NETWORKS_6.clusterNetwork],
    serviceNetwork: [...NETWORKS_4.serviceNetwork, ...NETWORKS_6.serviceNetwork],
  },
});
