import { type KubeClient, type KubeObject, listAt, nameOf, type ObjectKind, type ObjectName, textAt, type Look } from "../../../kube/index.ts";
import { BEHIND, conditionTrouble, hyperConvergedTrouble } from "../diagnose/operands.ts";
import { defaultStorageClasses } from "../diagnose/storage.ts";
import { KINDS, OPERANDS } from "../kinds.ts";
import { isBehind, outdatedOf, stoppedOperator } from "../rollout.ts";

/**
 * HyperConverged and all that it stands for work, in the version of its operator.
 * @param version of the operator; undefined: any
 */
export function hyperConvergedReady(name: ObjectName, version: string | undefined): Look<{ readonly version: string }> {
  return async (client, signal) => {
    const found = await client.read(KINDS.hyperConvergeds, name, signal);
    if (found === undefined) return { done: false, reason: "HyperConverged does not exist yet" };
    const trouble = hyperConvergedTrouble(found);
    if (trouble !== undefined) return { done: false, reason: `HyperConverged is ${trouble}` };
    const operator = listAt(found, "status", "versions").find((one) => textAt(one, "name") === "operator");
    const running = textAt(operator, "version");
    if (version !== undefined && running !== "" && running !== version)
      return { done: false, reason: `HyperConverged is still of version ${running}, not ${version}` };
    const unfinished = await unfinishedOf(await operands(client, signal), client, signal);
    if (unfinished !== undefined) return { done: false, reason: unfinished };
    return { done: true, value: { version: running } };
  };
}

/**
 * A resource of an operator has the condition Available, and nothing against it.
 * @param wanted version of the operator: a new one says nothing at first, and what the old one said still stands there
 */
export function componentReady(kind: ObjectKind, name: ObjectName, wanted?: string): Look<{ readonly version: string }> {
  return async (client, signal) => {
    const found = await client.read(kind, name, signal);
    if (found === undefined) return { done: false, reason: `${kind.kind} ${name.name} does not exist yet` };
    const [target, observed] = [versionOf(found, "target"), versionOf(found, "observed")];
    const trouble = conditionTrouble(found);
    if (trouble !== undefined) return { done: false, reason: `${kind.kind} ${name.name} is ${trouble}` };
    if (target !== "" && observed !== target)
      return { done: false, reason: `${kind.kind} ${name.name} goes from version ${observed || "none"} to ${target}` };
    if (isOther(observed, wanted)) return { done: false, reason: `${kind.kind} ${name.name} is still of version ${observed}, not ${wanted}` };
    const pools = listAt(found, "status", "storagePoolStatuses").filter((pool) => textAt(pool, "phase") !== "Ready");
    if (pools.length > 0)
      return { done: false, reason: `pool ${pools.map((pool) => `${textAt(pool, "name")} is ${textAt(pool, "phase")}`).join(", ")}` };
    const unfinished = await unfinishedOf([found], client, signal);
    if (unfinished !== undefined) return { done: false, reason: unfinished };
    return { done: true, value: { version: observed } };
  };
}

/**
 * What HyperConverged stands for. It repeats what these say, without a look at which change they say it of. Source: hyperconverged-cluster-operator
 * controllers/operands/generic_operand.go
 */
async function operands(client: KubeClient, signal: AbortSignal | undefined): Promise<readonly KubeObject[]> {
  const lists = await Promise.all(
    OPERANDS.map(async (kind) => ((await client.list(KINDS[kind], undefined, signal)) ?? []).map((one) => ({ kind: KINDS[kind].kind, ...one }))),
  );
  return lists.flat();
}

/** What is still to be done for the last change of resources that call themselves well: they are available as long as pods from before it are. */
async function unfinishedOf(owners: readonly KubeObject[], client: KubeClient, signal: AbortSignal | undefined): Promise<string | undefined> {
  const called = (owner: KubeObject): string => `${owner.kind ?? ""} ${nameOf(owner)}`;
  const behind = owners.find(isBehind);
  if (behind !== undefined) return `${called(behind)}: ${BEHIND}`;
  const [deployments = [], daemonSets = []] = await Promise.all(
    [KINDS.deployments, KINDS.daemonSets].map(async (kind) => (await client.list(kind, undefined, signal)) ?? []),
  );
  for (const owner of owners) {
    const waits = [
      ...stoppedOperator(deployments, owner),
      ...outdatedOf("deployments", deployments, owner),
      ...outdatedOf("daemonSets", daemonSets, owner),
    ];
    if (waits.length > 0) return `${called(owner)} waits for ${waits.join(", ")}`;
  }
  return undefined;
}

/** True for two releases that differ; false where one of them names none, as what somebody has built. */
function isOther(observed: string, wanted: string | undefined): boolean {
  const [one, other] = [observed, wanted ?? ""].map((version) => /^v?(\d+\.\d+\.\d+)/.exec(version)?.[1]);
  return one !== undefined && other !== undefined && one !== other;
}

/** KubeVirt writes `targetKubeVirtVersion`, the others `targetVersion`. */
function versionOf(object: unknown, which: "target" | "observed"): string {
  return textAt(object, "status", `${which}KubeVirtVersion`) || textAt(object, "status", `${which}Version`);
}

/** A disk that names no StorageClass finds one. */
export function storageReady(): Look<{ readonly storageClass: string }> {
  return async (client, signal) => {
    const defaults = defaultStorageClasses((await client.list(KINDS.storageClasses, undefined, signal)) ?? []);
    const [storageClass] = defaults;
    return storageClass === undefined ? { done: false, reason: "no StorageClass is the default" } : { done: true, value: { storageClass } };
  };
}
