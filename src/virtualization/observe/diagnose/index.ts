import type { Cause } from "../cause.ts";
import type { Seen } from "../seen.ts";
import { leftoverCauses } from "./leftovers.ts";
import { jobCauses } from "./jobs.ts";
import { nodeCauses } from "./nodes.ts";
import { csvComponentCauses, olmCauses } from "./olm/index.ts";
import { operandCauses } from "./operands.ts";
import { podCauses } from "./pods.ts";
import { storageCauses } from "./storage.ts";
import { webhookCauses } from "./webhooks.ts";

/** In the order in which one leads to the next: the first cause is the one to fix. */
const JUDGES: readonly ((seen: Seen) => readonly Cause[])[] = [
  leftoverCauses,
  olmCauses,
  podCauses,
  jobCauses,
  csvComponentCauses,
  webhookCauses,
  storageCauses,
  nodeCauses,
  operandCauses,
];

/** Everything that is wrong with an installation of virtualization, the most significant first. Pure. */
export function diagnose(seen: Seen): readonly Cause[] {
  return JUDGES.flatMap((judge) => judge(seen));
}
