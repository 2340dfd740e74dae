import { integer, list, object, text, texts } from "../fields/field.ts";

const CIDR_RULES = "A CIDR that is its own network address; must not overlap with the other networks.";

/** @param defaultTexts of the platforms, by path */
export const networkingOf = (defaultTexts: ReadonlyMap<string, string>) =>
  object(
    {
      networkType: text("The pod network.", {
        defaultText: "OVNKubernetes; Bridge for distribution kubernetes",
        rules: "kubernetes: Bridge. openshift, okd: OVNKubernetes or the name of a third-party plugin; Kuryr and OpenShiftSDN are gone.",
      }),
      machineNetwork: list(
        { cidr: text("CIDR of a network that machines live in.", { required: true, rules: CIDR_RULES }) },
        "The networks of the machines; the first one is where the VIPs are.",
        {
          defaultText: ["10.0.0.0/16", defaultTexts.get("networking.machineNetwork") ?? []].flat().join("; "),
        },
      ),
      clusterNetwork: list(
        {
          cidr: text("CIDR that pod addresses come from.", { required: true, rules: CIDR_RULES }),
          hostPrefix: integer("Prefix length of the part that each node gets.", {
            defaultText: "23; 64 for IPv6; none for distributions openshift and okd",
            rules: "Not shorter than the CIDR's own prefix, at most 30, the same in all IPv4 entries; exactly 64 for IPv6.",
          }),
          hostSubnetLength: integer("Address bits of the part that each node gets.", { deprecated: "hostPrefix" }),
        },
        "The networks of the pods.",
        { defaultText: "10.128.0.0/14 with hostPrefix 23" },
      ),
      serviceNetwork: texts("CIDRs that Service addresses come from.", {
        defaultText: "172.30.0.0/16",
        rules: `${CIDR_RULES} IPv4: prefix 12 or longer; IPv6: 108 or longer. One entry, or one of each family.`,
      }),
      clusterNetworkMTU: integer("MTU of the pod network.", { rules: "Only on AWS, so not here." }),
      ovnKubernetesConfig: object(
        {
          ipv4: object(
            {
              internalJoinSubnet: text("IPv4 subnet that OVN uses inside.", {
                defaultText: "100.64.0.0/16, by OVN itself",
                rules: "Must not overlap with the other networks, and hold an address for every node.",
              }),
            },
            "IPv4 settings of OVN.",
          ),
        },
        "Settings of OVNKubernetes; only with that networkType.",
      ),
      machineCIDR: text("The machine network.", { deprecated: "machineNetwork" }),
      type: text("The pod network.", { deprecated: "networkType" }),
      serviceCIDR: text("The Service network.", { deprecated: "serviceNetwork" }),
      clusterNetworks: list(
        { cidr: text("CIDR."), hostPrefix: integer("Prefix length for a node."), hostSubnetLength: integer("Address bits for a node.") },
        "The pod networks.",
        { deprecated: "clusterNetwork" },
      ),
    },
    "Networks of the cluster.",
  );
