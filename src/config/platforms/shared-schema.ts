import { choice, object, text, texts } from "../fields/field.ts";

/** The VIP keys that all on-premises platforms share. */
export const vipShape = (defaultText?: string) => {
  const rules = "Inside a machine network, none of a host's addresses; at most two, then one of each family. Both lists or none.";
  const more = defaultText === undefined ? { rules } : { rules, defaultText };
  return {
    apiVIPs: texts("Addresses of the Kubernetes API (`api.<cluster domain>`).", more),
    ingressVIPs: texts("Addresses of the ingress routes (`*.apps.<cluster domain>`).", more),
    loadBalancer: object(
      {
        type: choice(["OpenShiftManagedDefault", "UserManaged"], "Who carries the VIPs: the machines (keepalived), or your own load balancer.", {
          default: "OpenShiftManagedDefault",
        }),
      },
      "Load balancer of API and ingress routes.",
    ),
  };
};

export const oldVipShape = {
  apiVIP: text("Address of the API.", { deprecated: "apiVIPs" }),
  ingressVIP: text("Address of the ingress routes.", { deprecated: "ingressVIPs" }),
};

export const dnsRecordsType = choice(["Internal", "External"], "Who serves the DNS records of API and ingress routes: the cluster, or you.", {
  default: "Internal",
  rules: "External needs loadBalancer.type UserManaged; not with distribution kubernetes.",
  lenientWords: true,
});

export const networkDevice = object(
  {
    ipAddrs: texts("Addresses with prefix length, such as 192.168.126.21/24.", {
      required: true,
      rules: "At least one; inside a machine network, not a VIP, each once.",
    }),
    gateway: text("Default gateway.", { rules: "An IP address." }),
    nameservers: texts("DNS servers.", { rules: "At most three IP addresses." }),
  },
  "How the machine's network interface is configured.",
);

export const HOST_ROLES = ["bootstrap", "control-plane", "compute"] as const;
export const hostRole = choice(HOST_ROLES, "What the machine is.", { required: true });
