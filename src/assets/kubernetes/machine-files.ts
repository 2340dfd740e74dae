import { createHash } from "node:crypto";
import { isAutoscaled, type MachinePlan, type MachineRole } from "../../config/index.ts";
import { apiServiceAddresses, dnsServiceAddresses } from "../addresses.ts";
import type { AssetContext } from "../distribution-renderer.ts";
import type { FileInput, IgnitionUnit } from "../ignition/index.ts";
import { renderTemplate } from "../templates.ts";
import { shellQuote } from "../../util/index.ts";

const SCRIPT_DIR = "/usr/local/libexec/virt-ipi";

/** Name of the machine's part in the cluster, as its scripts know it. */
export type MachineConfigRole = "bootstrap" | "master" | "worker";

/** `/etc/virt-ipi/cluster.env`: what the scripts know of the cluster. IPv4 first, since the pod network is IPv4. */
export function clusterEnv(context: AssetContext, role: MachineConfigRole): FileInput {
  const { spec, identity } = context;
  const { networking, vips, pools } = spec;
  const workers = pools.compute.reduce((sum, pool) => sum + pool.replicas, 0);
  const values = {
    role,
    infraID: identity.infraID,
    clusterDomain: spec.clusterDomain,
    machineNetworks: networking.machineNetwork.join(" "),
    clusterCIDR: networking.clusterNetwork[0]?.cidr ?? "",
    nodeCIDRMask: networking.clusterNetwork[0]?.hostPrefix ?? "",
    serviceCIDR: networking.serviceNetwork.join(","),
    serviceApiIP: apiServiceAddresses(networking.serviceNetwork)[0] ?? "",
    apiVIP: vips.api[0] ?? "",
    ingressVIP: vips.ingress[0] ?? "",
    loadBalancer: spec.loadBalancer ?? "OpenShiftManagedDefault",
    apiRouterID: routerId(identity.infraID, "api"),
    ingressRouterID: routerId(identity.infraID, "ingress"),
    controlPlaneReplicas: pools.controlPlane.replicas,
    controlPlaneMachines: namesOf(context.machines, "control-plane"),
    ingressRole: workers === 0 ? "master" : "worker",
  };
  const quoted = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, key === "machineNetworks" ? String(value) : shellQuote(String(value))]),
  );
  return { path: "/etc/virt-ipi/cluster.env", contents: renderTemplate(context.templates, "kubernetes/files/cluster.env", quoted), mode: 0o644 };
}

const namesOf = (machines: readonly MachinePlan[], role: MachineRole): string =>
  machines.flatMap((machine) => (machine.role === role ? machine.name : [])).join(" ");

/** VRRP router ids, 1 to 255: api gets an odd one and ingress the even one after it, so that a cluster's own never collide. */
function routerId(infraID: string, vip: "api" | "ingress"): number {
  const pair = (createHash("sha256").update(infraID).digest()[0] ?? 0) % 127;
  return 2 * pair + (vip === "api" ? 1 : 2);
}

/** `/etc/hosts`: the API's names stand for the VIP, so that a node does not depend on the user's DNS. */
export function hostsFile(context: AssetContext): readonly FileInput[] {
  const { vips, clusterDomain } = context.spec;
  const [vip] = vips.api;
  if (vip === undefined) return [];
  const contents = `127.0.0.1 localhost\n::1 localhost ip6-localhost\n${vip} api-int.${clusterDomain} api.${clusterDomain}\n`;
  return [{ path: "/etc/hosts", contents, mode: 0o644 }];
}

export function kubeletConfig(context: AssetContext, role: Exclude<MachineConfigRole, "bootstrap">): FileInput {
  const { networking, pools } = context.spec;
  const schedulable = role === "worker" || pools.compute.every((pool) => pool.replicas === 0);
  const values = {
    clusterDNS: dnsServiceAddresses(networking.serviceNetwork)[0] ?? "",
    taints: JSON.stringify(schedulable ? [] : [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }]),
  };
  return { path: "/etc/kubernetes/kubelet.yaml", contents: renderTemplate(context.templates, "kubernetes/files/kubelet.yaml", values), mode: 0o600 };
}

/** Kubeconfigs by their own paths on the machine. */
export function kubeconfigFiles(context: AssetContext, rows: readonly { readonly path: string }[]): readonly FileInput[] {
  return rows.map(({ path }) => ({ path, contents: context.kubeconfigs.get(path) ?? "", mode: 0o600 }));
}

/** What the cluster has a say in; other scripts are the same everywhere. */
const SCRIPT_VALUES: Readonly<Record<string, (context: AssetContext) => Readonly<Record<string, string>>>> = {
  "kube-apiserver": ({ spec }) => ({
    // The autoscaler's pod knows another taint of the control plane than ours; its namespace names this one.
    admissionPlugins: ["NodeRestriction", ...(isAutoscaled(spec) ? ["PodTolerationRestriction"] : [])].join(","),
  }),
};

export function scripts(context: AssetContext, names: readonly string[]): readonly FileInput[] {
  return names.map((name) => ({
    path: `${SCRIPT_DIR}/${name}`,
    contents: renderTemplate(context.templates, `kubernetes/scripts/${name}`, SCRIPT_VALUES[name]?.(context)),
    mode: 0o755,
  }));
}

/** Units by name; one with an [Install] section is enabled. */
export function units(context: AssetContext, names: readonly string[]): readonly IgnitionUnit[] {
  return names.map((name) => {
    const contents = renderTemplate(context.templates, `kubernetes/units/${name}`);
    return { name, contents, ...(contents.includes("[Install]") ? { enabled: true } : {}) };
  });
}
