import type { Distribution, VirtualizationSpec } from "../../config/index.ts";
import { nameOf, type KubeClient, type ObjectKind } from "../../kube/index.ts";
import { observe, type Cause } from "../observe/index.ts";
import type { Clock } from "../../util/index.ts";
import { targetOf } from "../program/target.ts";
import type { Row } from "./row.ts";
import { verifyRows } from "./rows.ts";

const TASKS: ObjectKind = { apiVersion: "tekton.dev/v1", kind: "Task", plural: "tasks" };
const DOWNLOADS: ObjectKind = { apiVersion: "console.openshift.io/v1", kind: "ConsoleCLIDownload", plural: "consoleclidownloads" };

export interface Verification {
  readonly rows: readonly Row[];
  /** Everything that is known to be wrong, also what no row stands for. */
  readonly causes: readonly Cause[];
}

/** Looks at every component of virtualization once. Changes nothing. @throws what `explainApiError` understands */
export async function verify(
  client: KubeClient,
  cluster: { readonly spec: VirtualizationSpec; readonly distribution: Distribution },
  { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal | undefined },
): Promise<Verification> {
  const seen = await observe(client, targetOf(cluster.spec), clock.now(), signal);
  const tasks = await client.list(TASKS, undefined, signal);
  const downloads = await client.list(DOWNLOADS, undefined, signal);
  return verifyRows({ seen, distribution: cluster.distribution, tasks: tasks?.map(nameOf), downloads });
}
