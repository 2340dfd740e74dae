import { join } from "node:path";
import { stringify } from "yaml";
import { loadClusterSpec, planMachines, type ClusterSpec, type Identity } from "../../src/config/index.ts";
import { run } from "../../src/exec/index.ts";
import type { PlatformContext } from "../../src/providers/index.ts";
import type { Vcsim } from "../../tools/vcsim/index.ts";

/** A vCenter of the install-config, with the failure domains in it. */
export interface TestVCenter {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  readonly domains: readonly TestDomain[];
}

export interface TestDomain {
  readonly name: string;
  /** Number of the datacenter and of the cluster in it, as vcsim names them. */
  readonly datacenter?: number;
  readonly cluster?: number;
  /** Over the names of vcsim's inventory. */
  readonly topology?: Readonly<Record<string, unknown>>;
}

export interface TestClusterOptions {
  readonly name?: string;
  readonly infraID?: string;
  readonly controlPlane?: number;
  readonly compute?: number;
  /** Over `platform.vsphere`. */
  readonly platform?: Readonly<Record<string, unknown>>;
  /** Over the whole install-config. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export const oneDomain = (
  vcsim: Pick<Vcsim, "server" | "user" | "password">,
  topology?: Readonly<Record<string, unknown>>,
): readonly TestVCenter[] => [{ ...pick(vcsim), domains: [{ name: "zone-a", ...(topology === undefined ? {} : { topology }) }] }];

export const pick = ({ server, user, password }: Pick<Vcsim, "server" | "user" | "password">): Omit<TestVCenter, "domains"> => ({
  server,
  user,
  password,
});

/** The smallest install-config on vSphere: tiny machines, since none of them boots. */
export function installConfig(vcenters: readonly TestVCenter[], options: TestClusterOptions = {}): Record<string, unknown> {
  const size = { cpus: 1, coresPerSocket: 1, memoryMB: 256, osDisk: { diskSizeGB: 2 } };
  return {
    apiVersion: "v1",
    baseDomain: "example.com",
    metadata: { name: options.name ?? "try" },
    distribution: "kubernetes",
    controlPlane: { name: "master", replicas: options.controlPlane ?? 1 },
    compute: [{ name: "worker", replicas: options.compute ?? 0 }],
    networking: { machineNetwork: [{ cidr: "192.168.126.0/24" }] },
    platform: {
      vsphere: {
        vcenters: vcenters.map(({ server, user, password, domains }) => ({
          ...addressOf(server),
          user,
          password,
          datacenters: [...new Set(domains.map(({ datacenter = 0, topology }) => topology?.["datacenter"] ?? `DC${datacenter}`))],
        })),
        failureDomains: vcenters.flatMap(({ server, domains }) => domains.map((domain) => failureDomain(addressOf(server).server, domain))),
        apiVIPs: ["192.168.126.5"],
        ingressVIPs: ["192.168.126.6"],
        defaultMachinePlatform: size,
        ...options.platform,
      },
    },
    ...options.config,
  };
}

function addressOf(server: string): { readonly server: string; readonly port: number } {
  const [host = "", port = "443"] = server.split(":");
  return { server: host, port: Number(port) };
}

function failureDomain(server: string, { name, datacenter = 0, cluster = 0, topology }: TestDomain): Record<string, unknown> {
  const dc = `DC${datacenter}`;
  return {
    name,
    region: `region-${dc.toLowerCase()}`,
    zone: name,
    server,
    topology: {
      datacenter: dc,
      computeCluster: `/${dc}/host/${dc}_C${cluster}`,
      networks: [`${dc}_DVPG0`],
      datastore: `/${dc}/datastore/LocalDS_0`,
      ...topology,
    },
  };
}

export interface TestCluster {
  readonly spec: ClusterSpec;
  readonly identity: Identity;
  readonly context: PlatformContext;
}

/** What platform calls take, for a cluster that no folder holds. */
export const vsphereCluster = (vcenters: readonly TestVCenter[], options: TestClusterOptions = {}): TestCluster =>
  clusterOf(installConfig(vcenters, options), options.infraID);

/** The same of any install-config. */
export function clusterOf(config: object, infraID = "try-abcde"): TestCluster {
  const spec = loadClusterSpec(stringify(config));
  const identity = {
    infraID,
    clusterID: "3b0ad9c2-6b5b-4c8c-9d7e-0f1e2d3c4b5a",
    createdAt: "2026-01-01T00:00:00.000Z",
  };
  const machines = planMachines(spec, identity);
  const context = {
    spec,
    identity,
    machines,
    reporter: { emit: () => undefined },
    run,
    signal: new AbortController().signal,
    env: {},
    clusterDir: join("/nonexistent", identity.infraID),
  };
  return { spec, identity, context };
}
