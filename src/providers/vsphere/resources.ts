import { anyResource, type AnyResource } from "../../pulumi/index.ts";
import { poweredOn } from "./powered-on.ts";
import { template } from "./template.ts";

/** What our plugin makes in a vCenter beside Pulumi's own provider, by type token. */
export const resources: Readonly<Record<string, AnyResource>> = {
  "virt-ipi:vsphere:Template": anyResource(template),
  "virt-ipi:vsphere:PoweredOn": anyResource(poweredOn),
};
