import { anyResource, type AnyResource } from "../../pulumi/index.ts";
import { bootstrapComplete } from "./bootstrap-complete.ts";
import { installComplete } from "./install-complete.ts";

/** What our plugin waits for in a new cluster, by type token. */
export const CLUSTER_RESOURCES: Readonly<Record<string, AnyResource>> = {
  "virt-ipi:cluster:BootstrapComplete": anyResource(bootstrapComplete),
  "virt-ipi:cluster:InstallComplete": anyResource(installComplete),
};
