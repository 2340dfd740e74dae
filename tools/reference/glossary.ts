import { OLD_WORDS } from "../words.ts";
import { page, table } from "./page.ts";

/** The terms of the field as this project uses them: each in one or two lines, in the order of the alphabet. */
export const TERMS: readonly (readonly [term: string, meaning: string])[] = [
  ["API VIP", "The virtual IP address of the Kubernetes API. A control-plane machine holds it (keepalived), or your own load balancer."],
  ["asset", "A file that is generated from the install-config: manifest, Ignition config, certificate, kubeconfig."],
  ["base domain", "The DNS domain of which the cluster's domain is a subdomain: `<name>.<baseDomain>`."],
  ["bootstrap machine", "A temporary machine that starts the control plane, and is removed when the control plane runs without it."],
  ["cluster folder", "The folder with install-config.yaml and all that virt-ipi writes for one cluster: assets, identity, state, logs."],
  ["compute machine", "A machine that runs workloads; also called worker. Its node has the role `worker`."],
  ["control plane", "The machines that run etcd and the API server, and the programs on them; the node role is `control-plane`."],
  ["CSR", "CertificateSigningRequest: how a kubelet asks for its certificate. The installer approves those of the machines that it created."],
  ["day 2", "What is done with a cluster after its installation: virtualization, checks, changes by Pulumi."],
  ["existing bridge", "A network bridge on the KVM host that you have set up (`platform.kvm.network.bridge`); virt-ipi attaches machines to it."],
  ["failure domain", "A place for machines on vSphere that can fail on its own: a vCenter, a cluster in it, a datastore and networks."],
  ["identity", "What is random in a cluster: infraID, cluster ID and time of creation. It is in `.virt-ipi` and in metadata.json."],
  ["Ignition config", "The JSON file by which a machine configures itself at its first boot: files, units, users."],
  [
    "infraID",
    "`<cluster name>-<five random characters>`, in the name or the metadata of every object of the cluster. `destroy cluster` finds them by it.",
  ],
  ["ingress VIP", "The virtual IP address of the ingress routes, `*.apps.<cluster domain>`."],
  ["install-config", "`install-config.yaml`, the input: OpenShift's format, with the keys of the platforms that virt-ipi adds."],
  ["journal", "`.virt-ipi/journal.jsonl`: a line for each start and end of a phase. `resume` and `status` read it."],
  ["machine", "A virtual machine of the cluster. The Kubernetes object that represents it is a node."],
  ["machine network", "The network of the machines, `networking.machineNetwork`; the VIPs are addresses in it."],
  ["machine-config server", "The program on the control plane that serves Ignition configs to new machines, one token for each machine."],
  ["managed network", "A libvirt network with DHCP and DNS that virt-ipi creates and removes, where the install-config names no existing bridge."],
  ["manifest", "A Kubernetes object in a YAML file, applied during the installation; yours can be added to `manifests/` and `openshift/`."],
  ["node", "A machine that has registered with the cluster: the Kubernetes object, with the kubelet that reports its state."],
  ["node image", "The disk image (qcow2, or OVA on vSphere) that all machines boot from. `virt-ipi setup` builds one for upstream Kubernetes."],
  ["orphan", "A resource on the platform that carries the mark of a cluster which none of the given cluster folders describes."],
  ["phase", "A step of an installation, such as preflight or bootstrap-complete; see [phases](phases.md)."],
  ["plugin", "A program that the Pulumi engine starts to create resources of one kind: ours, the Kubernetes one, the vSphere one."],
  ["pool", "Machines of one role with the same size and settings: `controlPlane`, or an entry of `compute`. A storage pool is libvirt's."],
  ["preflight check", "A check of host and platform before anything is created; `virt-ipi doctor` runs the same. See [checks](preflight.md)."],
  ["receipt", "The JSON file that `destroy cluster` writes: what was removed, when, and what is left."],
  ["resource", "What Pulumi creates, updates and deletes, and keeps in its state: a machine, a disk, a network, a wait, a Kubernetes object."],
  ["role", "Of a machine: bootstrap, control plane or compute. On vSphere also a set of privileges; `virt-ipi role` prints the minimum one."],
  ["stack", "Pulumi's word for one instance of a program with its state; a cluster is one stack."],
  ["state", "The file in which Pulumi records the resources of a stack; in `.virt-ipi/state`, or in the backend that you set."],
  ["template", "A virtual machine on vSphere that machines are cloned from: created from the node image, or yours."],
  ["VIP", "A virtual IP address, which moves between machines: see API VIP and ingress VIP."],
  ["virtualization", "KubeVirt or OpenShift Virtualization in the cluster, so that it runs virtual machines itself (`virtualization`)."],
];

/** docs/reference/glossary.md: terms, and the words that texts do not use. */
export function glossaryPage(): string {
  return page(
    "# Glossary",
    table(
      ["term", "meaning"],
      TERMS.map(([term, meaning]) => [`**${term}**`, meaning]),
    ),
    "## Preferred words",
    "Help, messages, documentation and comments use the words on the left. A test refuses the ones on the right; the last rows are for messages only.",
    table(
      ["write", "not"],
      OLD_WORDS.map(({ write, old }) => [write, old]),
    ),
  );
}
