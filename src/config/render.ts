import { Document, isMap, type Pair, type Scalar, visit } from "yaml";
import type { Distribution } from "./cluster-spec.ts";
import { completePath } from "./platforms/vsphere/inventory-path.ts";

/** What `create install-config` asks of a vCenter: one, with one failure domain. */
export interface VSphereAnswers {
  readonly server: string;
  /** Plain, or `env:NAME` or `file:PATH`. */
  readonly user: string;
  /** `env:NAME` or `file:PATH`: what is written into a file by a wizard should not be a secret. */
  readonly password: string;
  readonly datacenter: string;
  /** Names, or full inventory paths. */
  readonly cluster: string;
  readonly datastore: string;
  /** Port group. */
  readonly network: string;
}

/** What `create install-config` asks. */
export interface InstallConfigAnswers {
  readonly name: string;
  readonly baseDomain: string;
  /** Left out of the file when absent, so that its default stands. */
  readonly distribution?: Distribution;
  readonly controlPlaneReplicas: number;
  readonly computeReplicas: number;
  /** Absent: KVM. */
  readonly vsphere?: VSphereAnswers;
  /** Kept only where it differs from qemu:///system. */
  readonly libvirtURI?: string;
  /** A bridge of the host; absent: a network of virt-ipi's. */
  readonly bridge?: string;
  /** CIDR */
  readonly machineNetwork?: string;
  readonly apiVIP?: string;
  readonly ingressVIP?: string;
  readonly size?: { readonly cpus: number; readonly memoryMB: number; readonly diskSizeGB: number };
  /** One public key a line. */
  readonly sshKey?: string;
  /** Secret. JSON text. */
  readonly pullSecret?: string;
}

/** An install-config.yaml for platform kvm or vsphere, with a short comment on each part. Holds the pull secret: write it 0600. */
export function renderInstallConfig(answers: InstallConfigAnswers): string {
  const { machineNetwork } = answers;
  const document = new Document(
    {
      apiVersion: "v1",
      baseDomain: answers.baseDomain,
      metadata: { name: answers.name },
      ...(answers.distribution === undefined ? {} : { distribution: answers.distribution }),
      controlPlane: { name: "master", replicas: answers.controlPlaneReplicas },
      compute: [{ name: "worker", replicas: answers.computeReplicas }],
      ...(machineNetwork === undefined ? {} : { networking: { machineNetwork: [{ cidr: machineNetwork }] } }),
      platform: answers.vsphere === undefined ? { kvm: kvmPlatform(answers) } : { vsphere: vspherePlatform(answers, answers.vsphere) },
      ...(answers.sshKey === undefined ? {} : { sshKey: answers.sshKey }),
      ...(answers.pullSecret === undefined ? {} : { pullSecret: answers.pullSecret }),
    },
    { version: "1.1" },
  );
  document.commentBefore = " The install-config of a cluster. `virt-ipi explain` tells every key; `virt-ipi validate` checks the file.";
  addComments(document);
  return document.toString({ lineWidth: 0 });
}

function kvmPlatform(answers: InstallConfigAnswers): object {
  const { bridge, libvirtURI } = answers;
  return { uri: libvirtURI ?? "qemu:///system", ...(bridge === undefined ? {} : { network: { bridge } }), ...commonPlatform(answers) };
}

function vspherePlatform(answers: InstallConfigAnswers, { server, user, password, datacenter, cluster, datastore, network }: VSphereAnswers): object {
  return {
    vcenters: [{ server, user, password, datacenters: [datacenter] }],
    failureDomains: [
      {
        name: "fd-1",
        region: "region-1",
        zone: "zone-1",
        server,
        topology: {
          datacenter,
          computeCluster: completePath(cluster, "host", datacenter),
          networks: [network],
          datastore: completePath(datastore, "datastore", datacenter),
        },
      },
    ],
    ...commonPlatform(answers),
  };
}

function commonPlatform({ apiVIP, ingressVIP, size }: InstallConfigAnswers): object {
  return {
    ...(apiVIP === undefined ? {} : { apiVIPs: [apiVIP] }),
    ...(ingressVIP === undefined ? {} : { ingressVIPs: [ingressVIP] }),
    ...(size === undefined ? {} : { defaultMachinePlatform: { cpus: size.cpus, memoryMB: size.memoryMB, osDisk: { diskSizeGB: size.diskSizeGB } } }),
  };
}

const COMMENTS: Readonly<Record<string, string>> = {
  baseDomain: " The cluster's domain is <name>.<baseDomain>.",
  distribution: " What runs on the machines: kubernetes, openshift or okd.",
  controlPlane: " Etcd and the Kubernetes API: 1, 3, 4 or 5 machines.",
  compute: " The machines that run workloads.",
  networking: " The network of the machines; the VIPs lie in it.",
  vcenters: " Where user and password are not given plainly: env:NAME is an environment variable, file:PATH a file.",
  failureDomains: " Where in the inventory the machines are; `virt-ipi explain platform.vsphere.failureDomains` tells the rest.",
  uri: " libvirt on this host, or qemu+ssh://user@host/system.",
  apiVIPs: " The address of api.<cluster domain>.",
  ingressVIPs: " The address of *.apps.<cluster domain>.",
  defaultMachinePlatform: " The size of each machine.",
  sshKey: " Who may log in to the machines as core.",
  pullSecret: " Secret: credentials of the image registries.",
};

function addComments(document: Document): void {
  visit(document, {
    Pair(_, pair: Pair) {
      const key = pair.key as Scalar<string>;
      const comment = COMMENTS[key.value];
      if (comment !== undefined) key.commentBefore = comment;
    },
  });
  const root = document.contents;
  if (isMap(root)) for (const pair of root.items.slice(1)) (pair.key as Scalar).spaceBefore = true;
}
