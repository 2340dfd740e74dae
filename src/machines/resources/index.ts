import { anyResource, type AnyResource } from "../../pulumi/index.ts";
import { machineSetsReadyResource } from "./machine-sets-ready.ts";

/** What our plugin waits for in a cluster that creates its machines itself, by type token. */
export const MACHINE_RESOURCES: Readonly<Record<string, AnyResource>> = {
  "virt-ipi:machines:MachineSetsReady": anyResource(machineSetsReadyResource),
};
