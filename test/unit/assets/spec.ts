import type { ClusterSpec } from "../../../src/config/cluster-spec.ts";
import type { Identity } from "../../../src/config/identity.ts";
import type { Entropy } from "../../../src/util/index.ts";

export const IDENTITY: Identity = { infraID: "demo-x7k2p", clusterID: "6f1c1f0e-2b5a-4c3d-8e9f-0a1b2c3d4e5f", createdAt: "2026-03-01T12:00:00.000Z" };

/** Counts upwards: bytes that are the same in every run. */
export function countingEntropy(): Entropy {
  let next = 0;
  return (size) => Uint8Array.from({ length: size }, () => next++ % 256);
}

export function makeSpec(controlPlane: number, workers: number, change: Partial<ClusterSpec> = {}): ClusterSpec {
  const size = { cpus: 2, memoryMB: 2048, diskSizeGB: 10 };
  return {
    name: "demo",
    baseDomain: "example.com",
    clusterDomain: "demo.example.com",
    distribution: "kubernetes",
    networking: {
      networkType: "bridge",
      machineNetwork: ["192.168.126.0/24"],
      clusterNetwork: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
      serviceNetwork: ["172.30.0.0/16"],
    },
    vips: { api: ["192.168.126.5"], ingress: ["192.168.126.6"] },
    pools: {
      controlPlane: { name: "master", role: "control-plane", replicas: controlPlane, ...size },
      compute: [{ name: "worker", role: "compute", replicas: workers, ...size }],
    },
    hosts: [],
    sshKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEZvckZpeHR1cmVzT25seUZvckZpeHR1cmVzT25seTEy user@example.com"],
    platform: { name: "kvm", uri: "qemu:///system", network: { kind: "managed" }, bootstrap: size },
    timeouts: { infrastructure: 600_000, bootstrap: 1_800_000, install: 1_800_000, operators: 600_000 },
    ...change,
  };
}
