import { calls, createError, createInvalid, createRequeue, existsAndGone, phases, preconditions, update } from "./creation.ts";
import { controlPlane, deleteOrder, drain, healthCheck, lifecycleHooks, unreachableNode } from "./removal.ts";
import type { ContractSite } from "./site.ts";

export interface ContractCheck {
  /** Topics of docs/actuator-contract.md. */
  readonly topics: readonly string[];
  readonly what: string;
  readonly check: (contract: ContractSite) => Promise<void>;
  /** No other may run meanwhile. */
  readonly alone?: boolean;
}

/** What shows each topic of the contract under the real controllers on a real libvirt. */
export const CONTRACT: readonly ContractCheck[] = [
  { topics: ["calls"], what: "asks for one machine however often it asks", check: calls },
  { topics: ["preconditions"], what: "asks nothing for a Machine without its cluster's label or a providerSpec", check: preconditions },
  { topics: ["finalizer", "phases"], what: "goes through the phases with the finalizer", check: phases },
  { topics: ["create, invalid"], what: "fails for good what can never be", check: createInvalid },
  { topics: ["create, requeue"], what: "waits as long as the actuator asks for", check: createRequeue },
  { topics: ["create, error"], what: "tries again, later each time, and looks again after it was created", check: createError, alone: true },
  { topics: ["update"], what: "updates again after an update that failed, and never fails for it", check: update },
  { topics: ["exists", "instance gone"], what: "knows a libvirt that is away from a machine that is gone", check: existsAndGone, alone: true },
  { topics: ["delete order"], what: "drains, waits for hooks, removes the machine, its Node and itself", check: deleteOrder },
  { topics: ["drain"], what: "evicts what budgets let go, and leaves out what is excluded", check: drain },
  { topics: ["unreachable node"], what: "does not wait for pods of a Node of which nothing is heard", check: unreachableNode },
  { topics: ["control plane"], what: "drains one Node of the control plane at a time", check: controlPlane },
  { topics: ["lifecycle hooks"], what: "takes no hooks with short names", check: lifecycleHooks },
  { topics: ["health check"], what: "replaces the ill and the lost, as long as not too many are", check: healthCheck },
];
