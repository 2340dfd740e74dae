import type { ClusterSpec, Identity } from "../../src/config/index.ts";

export interface KvmClusterOptions {
  readonly uri?: string;
  readonly infraID?: string;
  readonly machineNetwork?: string;
  readonly vips?: boolean;
  /** The machines are on a bridge of the host. */
  readonly bridge?: string;
  readonly storagePool?: { readonly kind: "existing"; readonly name: string };
  readonly controlPlane?: number;
  readonly compute?: number;
}

/** The smallest cluster on KVM: tiny machines, since tests of the provider boot none. */
export function kvmCluster(options: KvmClusterOptions = {}): { readonly spec: ClusterSpec; readonly identity: Identity } {
  const size = { cpus: 1, memoryMB: 128, diskSizeGB: 1 };
  const vips = options.vips !== false;
  const spec: ClusterSpec = {
    name: "try",
    baseDomain: "example.com",
    clusterDomain: "try.example.com",
    distribution: "kubernetes",
    networking: {
      networkType: "Bridge",
      machineNetwork: [options.machineNetwork ?? "192.168.126.0/24"],
      clusterNetwork: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
      serviceNetwork: ["172.30.0.0/16"],
    },
    vips: vips ? { api: ["192.168.126.5"], ingress: ["192.168.126.6"] } : { api: [], ingress: [] },
    pools: {
      controlPlane: { name: "master", role: "control-plane", replicas: options.controlPlane ?? 1, ...size },
      compute: [{ name: "worker", role: "compute", replicas: options.compute ?? 1, ...size }],
    },
    hosts: [],
    sshKeys: [],
    platform: {
      name: "kvm",
      uri: options.uri ?? "qemu:///system",
      network: options.bridge === undefined ? { kind: "managed" } : { kind: "bridge", bridge: options.bridge },
      bootstrap: size,
      ...(options.storagePool === undefined ? {} : { storagePool: options.storagePool }),
    },
    timeouts: { infrastructure: 60_000, bootstrap: 60_000, install: 60_000, operators: 600_000 },
  };
  return {
    spec,
    identity: { infraID: options.infraID ?? "try-abcde", clusterID: "3b0ad9c2-6b5b-4c8c-9d7e-0f1e2d3c4b5a", createdAt: "2026-01-01T00:00:00.000Z" },
  };
}
