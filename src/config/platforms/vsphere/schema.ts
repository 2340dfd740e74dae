import { choice, integer, list, object, text, texts } from "../../fields/field.ts";
import { dnsRecordsType, hostRole, networkDevice, oldVipShape, vipShape } from "../shared-schema.ts";

const pool = {
  cpus: integer("Virtual CPUs.", {
    defaultText: "4; 2 for distribution kubernetes",
    rules: "Not negative (0: the default); a multiple of coresPerSocket.",
  }),
  coresPerSocket: integer("Cores of a socket.", {
    defaultText: "4; all cpus in one socket for distribution kubernetes",
    rules: "Not negative (0: the default); at most cpus.",
  }),
  memoryMB: integer("Memory in MiB.", {
    defaultText: "16384; 4096 for distribution kubernetes",
    rules: "Not negative (0: the default); vSphere wants a multiple of 4.",
  }),
  osDisk: object(
    {
      diskSizeGB: integer("Size of the disk in GiB.", {
        defaultText: "120; 20 for distribution kubernetes",
        rules: "Not negative (0: the default); not smaller than the template's disk.",
      }),
    },
    "The disk that the machine boots from.",
  ),
  dataDisks: list(
    {
      name: text("Name.", {
        required: true,
        rules: "At most 80 letters, digits, hyphens and underscores, a letter or digit at both ends; each once in a pool.",
      }),
      sizeGiB: integer("Size in GiB.", { required: true, rules: "1 to 16384." }),
      provisioningMode: choice(["Thin", "Thick", "EagerlyZeroed"], "How space is taken.", { defaultText: "as diskType says" }),
    },
    "Further disks.",
    { rules: "At most 29. openshift, okd: needs feature gate VSphereMultiDisk." },
  ),
  zones: texts("Names of the failure domains to spread over.", {
    defaultText: "all failure domains",
    rules: "Each one of failureDomains[].name, a DNS label that begins with a letter, and once.",
  }),
};

export const vspherePool = object(pool, "Size and zones of the pool's machines on vSphere.");

const GATED_NETWORKS = "openshift, okd: needs feature gate VSphereMultiNetworks.";
const subnets = (what: string) =>
  object(
    {
      networkSubnetCidr: texts("Networks that the address is looked for in.", { rules: "CIDRs." }),
      excludeNetworkSubnetCidr: texts("Networks that it is not looked for in.", { rules: "CIDRs." }),
      network: text("Port group of the interface that has it.", { rules: "One of failureDomains[].topology.networks." }),
    },
    `Which address of a node is its ${what} one.`,
  );

const ESCAPES = "In a name, / is written %2f, \\ is %5c and % is %25.";
const OR_NAME = `, or the name alone where no other has it. ${ESCAPES}`;

const REFERENCE =
  "Plain, or by reference: env:NAME (an environment variable) or file:PATH (the first line of a file; relative to this file's folder).";
const old = (what: string, instead: string) => text(what, { deprecated: instead });

/** Structure only; what values must fulfil is in `rules.ts` and the files it names. */
export const vsphereSchema = object(
  {
    vcenters: list(
      {
        server: text("Host name or address.", {
          required: true,
          rules: "A DNS name in lower case, or an IP address; no scheme, no port; each once.",
        }),
        port: integer("Port of its HTTPS interface.", { default: 443, rules: "1 to 65535." }),
        user: text("User name.", { required: true, personal: true, rules: REFERENCE }),
        password: text("Password.", { required: true, secret: true, rules: REFERENCE }),
        datacenters: texts("Names of the datacenters in use.", { required: true, rules: "At least one." }),
      },
      "The vCenter servers.",
      { required: true, rules: "One to three." },
    ),
    failureDomains: list(
      {
        name: text("Name, which pools and hosts refer to.", { required: true, rules: "Each once; at most 46 characters, without /, \\ and %." }),
        region: text("Value of the region tag.", { required: true }),
        zone: text("Value of the zone tag.", { required: true, rules: "Each once in a region." }),
        regionType: choice(["Datacenter", "ComputeCluster", "HostGroup"], "What the region tag is attached to.", {
          default: "Datacenter",
          lenientWords: true,
          rules: "Together with zoneType; never HostGroup; ComputeCluster only with zoneType HostGroup.",
        }),
        zoneType: choice(["Datacenter", "ComputeCluster", "HostGroup"], "What the zone tag is attached to.", {
          default: "ComputeCluster",
          lenientWords: true,
          rules:
            "Together with regionType. HostGroup: topology.hostGroup is required, and with openshift and okd feature gate VSphereHostVMGroupZonal.",
        }),
        server: text("The vCenter.", { required: true, rules: "One of vcenters[].server." }),
        topology: object(
          {
            datacenter: text("Name of the datacenter.", { required: true, rules: "One of the datacenters of its vCenter." }),
            computeCluster: text("Path of the cluster.", { required: true, rules: `/<datacenter>/host/<cluster>${OR_NAME}` }),
            networks: texts("Port groups, one for each network interface.", {
              required: true,
              rules: `1 to 10, each by its name, which is looked for among the networks of the cluster, or by its path. ${ESCAPES} More than one: ${GATED_NETWORKS}`,
            }),
            datastore: text("Path of the datastore.", { required: true, rules: `/<datacenter>/datastore/<datastore>${OR_NAME}` }),
            resourcePool: text("Path of the resource pool.", {
              defaultText: "<computeCluster>/Resources",
              rules: `In the same cluster: /<datacenter>/host/<cluster>/Resources/…${OR_NAME}`,
            }),
            folder: text("Path of an existing VM folder.", {
              defaultText: "a folder of the cluster's own, /<datacenter>/vm/<infraID>",
              rules: `/<datacenter>/vm/<folder>${OR_NAME}`,
            }),
            template: text("Path of an existing template to clone.", {
              defaultText: "a template created from the image",
              rules: `Not together with clusterOSImage. /<datacenter>/vm/<template>${OR_NAME}`,
            }),
            tagIDs: texts("Ids of further tags to attach to the machines.", {
              rules: "At most 10, as urn:vmomi:InventoryServiceTag:<UUID>:GLOBAL.",
            }),
            hostGroup: text("Name of an existing host group that machines stay on.", { rules: "Required with zoneType HostGroup." }),
          },
          "Where in the inventory the machines are.",
          { required: true },
        ),
      },
      "Parts of the inventory that fail independently; machines are spread over them in this order.",
      { required: true, rules: "At least one." },
    ),
    ...vipShape(),
    clusterOSImage: text("The OVA that templates are created from.", {
      defaultText: "the image of the distribution",
      rules: "An absolute path on this machine or an http(s) URL, which may carry user:password@ and ?sha256=; not together with topology.template.",
    }),
    diskType: choice(["thin", "thick", "eagerZeroedThick"], "How disks take space.", {
      checkedByHand: true,
      defaultText: "as the storage policy says",
    }),
    defaultMachinePlatform: object(pool, "Size and zones of the machines of pools that do not say otherwise."),
    nodeNetworking: object(
      { internal: subnets("internal"), external: subnets("external") },
      "Which addresses nodes report, where they have several.",
      { rules: `Not with distribution kubernetes. ${GATED_NETWORKS}` },
    ),
    dnsRecordsType,
    hosts: list(
      {
        role: hostRole,
        failureDomain: text("Failure domain that the machine is put into.", {
          defaultText: "the machine's turn among the pool's zones",
          rules: "One of failureDomains[].name.",
        }),
        networkDevice,
      },
      "Machines with static addresses, matched to machines in order of their role.",
      { rules: "Exactly one bootstrap host, and as many of each role as there are machines." },
    ),
    vCenter: old("Server.", "vcenters"),
    username: text("User.", { deprecated: "vcenters", personal: true }),
    password: text("Password.", { deprecated: "vcenters", secret: true }),
    datacenter: old("Datacenter.", "failureDomains"),
    defaultDatastore: old("Datastore.", "failureDomains"),
    folder: old("Folder.", "failureDomains"),
    cluster: old("Cluster.", "failureDomains"),
    resourcePool: old("Resource pool.", "failureDomains"),
    network: old("Port group.", "failureDomains"),
    ...oldVipShape,
  },
  "Virtual machines on VMware vSphere.",
);
