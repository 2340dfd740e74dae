import { z } from "zod";
import type { ChangeRule } from "../../pulumi/index.ts";

/** What both waits take. Every list is complete, so that the plugin needs no file of the cluster folder. */
export const waitInputs = z.strictObject({
  infraID: z.string().min(1),
  /** Secret. Text of the admin kubeconfig. */
  kubeconfig: z.string().min(1),
  /** Address to use instead of the kubeconfig's server, whose name may be in no DNS of this host. */
  server: z.string().optional(),
  /** `<name>.<baseDomain>` */
  clusterDomain: z.string().min(1),
  /** CIDRs */
  machineNetwork: z.array(z.string()),
  vips: z.array(z.string()),
  /** Gateways and DNS servers, and whatever else belongs to no machine. */
  reserved: z.array(z.string()).optional(),
  /** All machines, the bootstrap machine among them. */
  machines: z.array(z.strictObject({ name: z.string(), role: z.enum(["bootstrap", "control-plane", "compute"]), address: z.string().optional() })),
  /** By machine that becomes a node, where no address is planned: the one that the platform found when it made the machine. */
  found: z.record(z.string(), z.string()).optional(),
  /** By machine that becomes a node: the platform's id, another one for a machine that was created again. */
  ids: z.record(z.string(), z.string()).optional(),
  timeoutSeconds: z.number().positive(),
  /** Where the machines' consoles can be read: a platform's name and its entry in metadata.json. */
  consoles: z.looseObject({ platform: z.string() }).optional(),
});

export type WaitInputs = z.infer<typeof waitInputs>;

/** Absolute path of the file that says that bootstrapping is complete. */
export const bootstrapCompleteInputs = waitInputs.extend({ markerPath: z.string().startsWith("/") });
export type BootstrapCompleteInputs = z.infer<typeof bootstrapCompleteInputs>;

/** What a change of the waits' inputs means: they name how to look, not what is made. */
export const WAIT_CHANGES = {
  infraID: "replace",
  kubeconfig: "ignore",
  server: "ignore",
  clusterDomain: "ignore",
  machineNetwork: "ignore",
  vips: "ignore",
  reserved: "ignore",
  machines: "ignore",
  found: "ignore",
  ids: "ignore",
  timeoutSeconds: "ignore",
  consoles: "ignore",
} as const satisfies Record<keyof WaitInputs, ChangeRule>;

export interface WaitOutputs {
  readonly infraID: string;
  readonly complete: boolean;
  /** The ids of the machines that were nodes when the wait was last complete. */
  readonly joined?: Readonly<Record<string, string>> | undefined;
}
