import type { V1CertificateSigningRequest } from "@kubernetes/client-node";
import type { MachineRole } from "../../config/index.ts";
import { ApiStatusError, CORE_KINDS, explainApiError, type KubeClient } from "../../kube/index.ts";
import { isPending, judgeCsr, type CsrPolicy } from "./csr-approval.ts";
import { readNodes } from "./nodes.ts";
import type { Stage, WaitOptions } from "./wait.ts";

export interface CsrRound {
  /** `<csr>: <client|serving> certificate of <machine>` */
  readonly approved: readonly string[];
  readonly ignored: readonly { readonly name: string; readonly uid: string; readonly username: string; readonly reason: string }[];
  /** Ours, but not approved now, and why: for the reason of a wait. */
  readonly failed: readonly string[];
}

/**
 * Looks at all pending requests once, and approves those that `judgeCsr` approves for machines of the given roles.
 * Requests of our machines of other roles stay for later, without a word.
 * @throws API errors of the lists; a single approval that fails is in `failed`
 */
export async function approvePendingCsrs(
  client: KubeClient,
  policy: CsrPolicy,
  roles: readonly MachineRole[],
  signal?: AbortSignal,
): Promise<CsrRound> {
  const all = (await client.list<V1CertificateSigningRequest>(CORE_KINDS.certificateSigningRequests, undefined, signal)) ?? [];
  const pending = all.filter(isPending);
  const round = { approved: [] as string[], ignored: [] as CsrRound["ignored"][number][], failed: [] as string[] };
  if (pending.length === 0) return round;
  const nodes = await readNodes(client, signal);
  for (const csr of pending) {
    const found = await judgeCsr(csr, policy, nodes, all);
    const name = csr.metadata?.name ?? "";
    if (found.verdict === "ignore") {
      round.ignored.push({ name, uid: csr.metadata?.uid ?? "", username: csr.spec.username ?? "", reason: found.reason });
      continue;
    }
    if (!roles.includes(found.machine.role)) continue;
    const what = `${name}: ${found.kind} certificate of ${found.machine.name}`;
    const failure = await approveOne(client, csr, found.machine.name, signal);
    if (failure === undefined) round.approved.push(what);
    else round.failed.push(`${what}: ${failure}`);
  }
  return round;
}

async function approveOne(client: KubeClient, csr: V1CertificateSigningRequest, machine: string, signal?: AbortSignal): Promise<string | undefined> {
  try {
    await client.approve(csr, `virt-ipi created the machine ${machine}`, signal);
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    // Gone or decided by someone else meanwhile: the next look will see.
    return error instanceof ApiStatusError && (error.status === 404 || error.status === 409) ? "changed meanwhile" : explainApiError(error);
  }
}

/** The stage that approves; it blocks only while one of our approvals fails. Reports each ignored request once. */
export function csrStage(options: WaitOptions, roles: readonly MachineRole[]): Stage {
  const reported = new Set<string>();
  return {
    name: "csr",
    check: async (client, signal) => {
      const round = await approvePendingCsrs(client, options, roles, signal);
      for (const { name, uid, username, reason } of round.ignored) {
        const key = `${uid}/${reason}`;
        if (reported.has(key)) continue;
        reported.add(key);
        options.onWarning?.(`CertificateSigningRequest ${name} of ${username} is left alone: ${reason}`);
      }
      return round.failed.length === 0 ? undefined : `certificate requests not approved: ${round.failed.join("; ")}`;
    },
  };
}
