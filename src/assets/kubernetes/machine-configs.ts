import type { AssetContext, BootstrapContext } from "../distribution-renderer.ts";
import { IgnitionBuilder, ignitionText, type FileInput, type IgnitionConfig } from "../ignition/index.ts";
import { tlsPart } from "../tls/material.ts";
import { hostName } from "./host-name.ts";
import { imageAccess } from "./image-access.ts";
import { CONTROLLER_KUBECONFIGS, LOOPBACK_KUBECONFIG, NODE_KUBECONFIGS } from "./kubeconfigs.ts";
import { clusterEnv, hostsFile, kubeconfigFiles, kubeletConfig, scripts, units, type MachineConfigRole } from "./machine-files.ts";
import { controlPlanePki, nodePki } from "./pki.ts";
import { nodeProxy, systemProxy } from "./proxy.ts";
import { timeServers } from "./time-servers.ts";
import { trustBundle } from "./trust-bundle.ts";

/** What the bootstrap machine and the control-plane machines both run. */
const CONTROL_PLANE_DAEMONS = ["etcd", "kube-apiserver", "machine-config-server", "api-vip"] as const;
/** What only the control-plane machines run. */
const CONTROLLERS = ["kube-controller-manager", "kube-scheduler"] as const;
const CONTROL_PLANE_SCRIPTS = [...CONTROL_PLANE_DAEMONS, "etcdctl", "issue-certificate", "machine-certificates", "check-api"] as const;
/** What every machine runs. */
const MACHINE_DAEMONS = ["node-address", "disk-space"] as const;
/** How control-plane machines come together, and what they do for all nodes. */
const CONTROL_PLANE_CARE = ["control-plane", "node-roles", "serving-certificates"] as const;
const NODE_DAEMONS = ["kubelet", "pod-network", "kube-proxy"] as const;

/**
 * What machines of each pool are, by its name. Machines of the control plane bring along what they serve to compute machines later.
 * That of compute machines holds no key of an authority: it is handed out for as long as the cluster lives.
 */
export function machineConfigs(context: AssetContext): ReadonlyMap<string, IgnitionConfig> {
  const worker = machineConfig(context, "worker");
  return new Map([
    ["master", machineConfig(context, "master", new Map([["worker", worker]]))],
    ["worker", worker],
  ]);
}

function machineConfig(
  context: AssetContext,
  role: Exclude<MachineConfigRole, "bootstrap">,
  served: BootstrapContext["machineConfigs"] = new Map(),
): IgnitionConfig {
  const daemons = units(context, services(NODE_DAEMONS)).map((unit) => (role === "worker" ? unit : { ...unit, enabled: false }));
  const own = machine(context, role)
    .file(
      kubeletConfig(context, role),
      ...kubeconfigFiles(context, NODE_KUBECONFIGS),
      ...scripts(context, [...NODE_DAEMONS, "pod-filter"]),
      ...servedConfigs(served),
    )
    .unit(...daemons);
  const node = threads(context, role, imageAccess(context, nodeProxy(context.spec, own)));
  if (role === "worker")
    return hostName(context, node)
      .file(...scripts(context, ["api-vip"]))
      .unit(...units(context, ["api-vip.service"]))
      .build();
  // A control-plane machine starts its node daemons itself, once it has joined etcd: until then they would only slow down those that join.
  return controlPlane(context, node)
    .file(...kubeconfigFiles(context, CONTROLLER_KUBECONFIGS), ...scripts(context, [...CONTROLLERS, "etcd-join", ...CONTROL_PLANE_CARE]))
    .unit(...units(context, [...services([...CONTROLLERS, ...CONTROL_PLANE_CARE]), "serving-certificates.timer"]))
    .build();
}

/** Before the kubelet counts processors. */
function threads(context: AssetContext, role: "master" | "worker", builder: IgnitionBuilder): IgnitionBuilder {
  const { controlPlane: own, compute } = context.spec.pools;
  const pools = role === "master" ? [own] : compute;
  if (!pools.some(({ hyperthreadingDisabled }) => hyperthreadingDisabled)) return builder;
  return builder.file(...scripts(context, ["smt-off"])).unit(...units(context, ["smt-off.service"]));
}

/** What the bootstrap machine starts with: a control plane for a while, the manifests, and the configs of all others. */
export function bootstrapConfig(context: BootstrapContext): IgnitionConfig {
  const manifests = [...context.manifests].map(([path, contents]) => ({
    path: `/opt/virt-ipi/manifests/${path}`,
    contents,
    mode: context.secretManifests.has(path) ? 0o600 : 0o644,
  }));
  return controlPlane(context, machine(context, "bootstrap"))
    .file(...scripts(context, ["bootstrap"]), ...manifests, ...servedConfigs(context.machineConfigs))
    .unit(...units(context, ["bootstrap.service"]))
    .build();
}

/** Where the machine-config server takes them from, by the name of the pool. */
const servedConfigs = (configs: BootstrapContext["machineConfigs"]): readonly FileInput[] =>
  [...configs].map(([pool, config]) => ({ path: `/etc/virt-ipi/machine-configs/${pool}`, contents: ignitionText(config), mode: 0o600 }));

function machine(context: AssetContext, role: MachineConfigRole): IgnitionBuilder {
  const { sshKeys } = context.spec;
  const bootstrapKey = tlsPart(context.tls, "bootstrap-ssh", "publicKey").trim();
  const own = new IgnitionBuilder()
    .user({ name: "core", sshAuthorizedKeys: [...sshKeys, bootstrapKey] })
    .file(clusterEnv(context, role), ...hostsFile(context), ...nodePki(context.tls), ...scripts(context, ["functions", ...MACHINE_DAEMONS]))
    .unit(...units(context, services(MACHINE_DAEMONS)));
  return timeServers(context.spec, systemProxy(context.spec, trustBundle(context, own)));
}

function controlPlane(context: AssetContext, builder: IgnitionBuilder): IgnitionBuilder {
  return builder
    .file(...controlPlanePki(context.tls), ...kubeconfigFiles(context, [LOOPBACK_KUBECONFIG]), ...scripts(context, CONTROL_PLANE_SCRIPTS))
    .unit(...units(context, ["machine-certificates.service", ...services(CONTROL_PLANE_DAEMONS)]));
}

const services = (names: readonly string[]): readonly string[] => names.map((name) => `${name}.service`);
