import { z } from "zod";
import { field, flag, list, object, text } from "../../fields/field.ts";
import { sizeShape } from "../../fields/pool-size.ts";
import { hostRole, networkDevice, vipShape } from "../shared-schema.ts";

const SIZE = { cpus: "2; 4 for openshift and okd", memoryMB: "4096; 16384 for openshift and okd", diskSizeGB: "20; 120 for openshift and okd" };

export const kvmPool = object(
  sizeShape({ cpus: "defaultMachinePlatform", memoryMB: "defaultMachinePlatform", diskSizeGB: "defaultMachinePlatform" }),
  "Size of the pool's machines on KVM.",
);

export const kvmSchema = object(
  {
    uri: text("libvirt connection URI.", {
      default: "qemu:///system",
      rules:
        "qemu:///system or /session, or by qemu+ssh://user@host, qemu+tls://host or qemu+unix://; no password, and no parameter that runs a program or trusts any server.",
    }),
    storagePool: object(
      {
        name: text("A libvirt storage pool that exists.", { rules: "Not together with path." }),
        path: text("A folder on the host that becomes a storage pool of the cluster.", {
          rules:
            "An absolute path, not of a folder of the system such as /var; not together with name. One that exists keeps its mode and owner, and stays.",
        }),
      },
      "Where the disks are.",
      { defaultText: "a storage pool of the cluster in libvirt's default folder" },
    ),
    network: object(
      {
        bridge: text("A bridge on the host that the machines attach to.", {
          required: true,
          rules: "Name of a network interface: at most 15 characters.",
        }),
      },
      "How machines are connected.",
      { defaultText: "a managed libvirt network with DHCP and DNS" },
    ),
    ...vipShape("managed network: the 5th and 6th address of the machine network"),
    clusterOSImage: text("The image that disks are created from, qcow2.", {
      defaultText: "the node image of the distribution",
      rules: "An absolute path on this machine or an http(s) URL, which may carry user:password@ and ?sha256=.",
    }),
    bootstrap: object(sizeShape(SIZE), "Size of the temporary bootstrap machine."),
    defaultMachinePlatform: object(sizeShape(SIZE), "Default size of the machines of all pools."),
    hosts: list(
      {
        role: hostRole,
        macAddress: text("MAC address of the machine.", {
          defaultText: "derived from its name",
          rules: "Unicast, six hexadecimal pairs, each once.",
        }),
        networkDevice,
      },
      "Machines whose addresses you decide, matched to machines in order of their role.",
      { rules: "At most one bootstrap host, and at most as many of each role as there are replicas." },
    ),
    machineHosts: field(
      z.array(text("Its libvirt connection URI.", { rules: "As uri." })),
      "Further libvirt hosts on which the cluster may create machines itself, where their MachineSet names them.",
      {
        rules:
          "Only with machineManagement: MachineSets, and with network.bridge and storagePool.name, which must be on each of them, as the cluster's image must.",
      },
    ),
    allowRestart: flag("Whether running control-plane machines may be restarted, where their size has changed.", {
      default: false,
      rules: "All of them restart at once: the API is away until they are up again. Machines that are off get their new size in any case.",
    }),
  },
  "Virtual machines on a Linux host with libvirt and KVM.",
);
