import { InstallerError } from "../../../errors/index.ts";
import { at, type KubeObject, listAt, nameOf, type KubeClient, textAt, type Look } from "../../../kube/index.ts";
import { KINDS } from "../kinds.ts";
import type { OlmTarget } from "../target.ts";
import { compareVersions, csvPackage, csvVersion, skipsMinor } from "./csv-version.ts";

export interface Approved {
  /** Name of the ClusterServiceVersion that is installed now. */
  readonly csv: string;
}

/**
 * Approves what OLM wants to install, one version after the other, up to `startingCSV`; without one, what the Subscription calls
 * current. Only plans that hold a version of this package are touched, and never one beyond the version asked for.
 * @throws InstallerError VIRT_UPGRADE_STEP when a plan would leave out a minor version
 */
export function planApproved(namespace: string, olm: OlmTarget, onNote: (text: string) => void): Look<Approved> {
  return async (client, signal) => {
    const subscription = await client.read(KINDS.subscriptions, { namespace, name: olm.subscription }, signal);
    if (subscription === undefined) return { done: false, reason: `Subscription ${namespace}/${olm.subscription} does not exist yet` };
    const installed = textAt(subscription, "status", "installedCSV");
    const wanted = olm.startingCSV ?? textAt(subscription, "status", "currentCSV");
    if (installed !== "" && (installed === wanted || isOlder(wanted, installed))) return { done: true, value: { csv: installed } };
    if (wanted === "") return { done: false, reason: "OLM has resolved nothing for the Subscription yet" };
    const plans = (await client.list(KINDS.installPlans, namespace, signal)) ?? [];
    for (const plan of plans.filter((one) => textAt(one, "status", "phase") === "RequiresApproval" && at(one, "spec", "approved") !== true)) {
      const step = stepOf(plan, wanted);
      if (step === undefined) continue;
      refuseLeap(installed, step, nameOf(plan));
      await approve(client, namespace, plan, onNote, step, signal);
      return { done: false, reason: `InstallPlan ${nameOf(plan)} is approved: OLM installs ${step}` };
    }
    return { done: false, reason: waitReason(plans, installed, wanted) };
  };
}

/** The plan's version of our package, if it is the one asked for or on the way to it. */
function stepOf(plan: KubeObject, wanted: string): string | undefined {
  const names = listAt(plan, "spec", "clusterServiceVersionNames").map(String);
  return names.find((name) => csvPackage(name) === csvPackage(wanted) && (name === wanted || isOlder(name, wanted)));
}

const isOlder = (name: string, than: string): boolean => {
  const [a, b] = [csvVersion(name), csvVersion(than)];
  return a !== undefined && b !== undefined && csvPackage(name) === csvPackage(than) && compareVersions(a, b) < 0;
};

function refuseLeap(installed: string, next: string, plan: string): void {
  const [from, to] = [csvVersion(installed), csvVersion(next)];
  if (from === undefined || to === undefined || !skipsMinor(from, to)) return;
  throw new InstallerError("VIRT_UPGRADE_STEP", `InstallPlan ${plan} would go from ${from} to ${to} at once`, {
    value: next,
    advice: "Set startingCSV to a version of the next minor, and upgrade to it first.",
  });
}

async function approve(
  client: KubeClient,
  namespace: string,
  plan: KubeObject,
  onNote: (text: string) => void,
  step: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const others = listAt(plan, "spec", "clusterServiceVersionNames")
    .map(String)
    .filter((name) => name !== step);
  // OLM puts all that is subscribed in a namespace into one plan.
  onNote(`approving InstallPlan ${nameOf(plan)} for ${step}${others.length === 0 ? "" : `, which also holds ${others.join(", ")}`}`);
  await client.patch(KINDS.installPlans, { namespace, name: nameOf(plan) }, { spec: { approved: true } }, signal);
}

function waitReason(plans: readonly KubeObject[], installed: string, wanted: string): string {
  const working = plans.find((plan) => ["Installing", "Planning"].includes(textAt(plan, "status", "phase")));
  if (working !== undefined) return `InstallPlan ${nameOf(working)} is ${textAt(working, "status", "phase")}`;
  const waiting = plans
    .filter((plan) => textAt(plan, "status", "phase") === "RequiresApproval")
    .map((plan) => listAt(plan, "spec", "clusterServiceVersionNames").join(", "));
  const held = waiting.length === 0 ? "" : `; what waits for approval holds ${waiting.join("; ")}`;
  return `no InstallPlan for ${wanted} yet${installed === "" ? "" : ` (${installed} is installed)`}${held}`;
}
