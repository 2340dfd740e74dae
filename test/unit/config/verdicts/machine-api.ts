import { type Case, FORBIDDEN, INVALID, kvm, none, PULL_SECRET, UNSUPPORTED, vsphere } from "./support.ts";

const SETS = { machineManagement: "MachineSets" };
const H = "compute[0].healthCheck";
const D = "compute[0].drainTimeout";
const health = (check: object) => ({ ...SETS, [H]: check });

export const MACHINE_API: readonly Case[] = [
  ["MachineSets", kvm, SETS],
  ["machines of the installer", none, { machineManagement: "Static" }],
  ["another management", kvm, { machineManagement: "Cluster" }, ["machineManagement", UNSUPPORTED, '"MachineSets"']],
  ["MachineSets on a platform without controller", vsphere, { ...SETS, distribution: "kubernetes" }, ["machineManagement", FORBIDDEN, "only on kvm"]],
  [
    "MachineSets of openshift",
    kvm,
    { ...SETS, distribution: "openshift", pullSecret: PULL_SECRET },
    ["machineManagement", FORBIDDEN, "own operators"],
  ],
  ["a health check", kvm, health({ nodeStartupTimeout: "30m", unhealthyTimeout: "90s", maxUnhealthy: "1" })],
  ["a health check with its defaults", kvm, health({})],
  ["a health check of machines that nobody replaces", kvm, { [H]: {} }, [H, FORBIDDEN, "MachineSets"]],
  ["a health check in seconds", kvm, health({ unhealthyTimeout: "30s" }), [`${H}.unhealthyTimeout`, INVALID, "at least 1m"]],
  ["a health check without unit", kvm, health({ nodeStartupTimeout: "20" }), [`${H}.nodeStartupTimeout`, INVALID, "such as 5m"]],
  ["a limit of drains", kvm, { ...SETS, [D]: "1h30m" }],
  ["a limit of drains of machines that nobody removes", kvm, { [D]: "30m" }, [D, FORBIDDEN, "MachineSets"]],
  ["a limit of drains in seconds", kvm, { ...SETS, [D]: "30s" }, [D, INVALID, "at least 1m"]],
  ["a limit of drains without unit", kvm, { ...SETS, [D]: "30" }, [D, INVALID, "such as 5m"]],
  ["a share of machines over all", kvm, health({ maxUnhealthy: "140%" }), [`${H}.maxUnhealthy`, INVALID, "percentage"]],
];
