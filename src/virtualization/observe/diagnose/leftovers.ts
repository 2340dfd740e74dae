import { conditionOf, type KubeObject, nameOf } from "../../../kube/index.ts";
import { LATER, said, SOON, type Cause } from "../cause.ts";
import { OPERATOR_RESOURCES } from "../kinds.ts";
import { all, called, find, kubectlName, type Seen } from "../seen.ts";
import { namespaceIsGone, servicesOf } from "./webhooks.ts";

const PATIENT_MS = 30_000;

/** What an earlier installation left, and what cannot go away: both keep a new one from coming up. */
export function leftoverCauses(seen: Seen): readonly Cause[] {
  return [...terminatingNamespaces(seen), ...terminatingObjects(seen), ...orphanedWebhooks(seen)];
}

function terminatingNamespaces(seen: Seen): readonly Cause[] {
  return seen.target.namespaces.flatMap((name) => {
    const namespace = find(seen, "namespaces", name);
    if (namespace?.metadata?.deletionTimestamp === undefined) return [];
    const why = ["NamespaceFinalizersRemaining", "NamespaceContentRemaining", "NamespaceDeletionDiscoveryFailure"]
      .map((type) => conditionOf(namespace, type))
      .find((condition) => condition?.status === "True");
    return [
      {
        id: "VIRT_LEFTOVERS" as const,
        object: called("namespaces", namespace),
        message: `is being deleted since ${namespace.metadata.deletionTimestamp}${why === undefined ? "" : `: ${said(why.message)}`}`,
        fix: "Let it go first: remove the objects named, or their finalizers if the operator that would do it is gone.",
        patienceMs: LATER,
      },
    ];
  });
}

function terminatingObjects(seen: Seen): readonly Cause[] {
  return OPERATOR_RESOURCES.flatMap((kind) =>
    all(seen, kind).flatMap((object) => {
      const since = object.metadata?.deletionTimestamp;
      const finalizers = object.metadata?.finalizers ?? [];
      if (since === undefined || finalizers.length === 0 || seen.now.getTime() - Date.parse(since) < PATIENT_MS) return [];
      return [
        {
          id: "VIRT_LEFTOVERS" as const,
          object: called(kind, object),
          message: `is being deleted since ${since}, but finalizers keep it: ${finalizers.join(", ")}${refusal(object)}`,
          fix: `Its operator must run to let it go. If that is gone for good: kubectl patch ${kubectlName(kind, object)} --type=merge -p '{"metadata":{"finalizers":null}}'.`,
          patienceMs: SOON,
        },
      ];
    }),
  );
}

/**
 * What its operator says of a deletion that fails; of a deployment that failed before it still says so where it does not run.
 * Source: kubevirt pkg/virt-operator/util/client.go, UpdateConditionsDeletionFailed
 */
function refusal(object: KubeObject): string {
  const synchronized = conditionOf(object, "Synchronized");
  return synchronized?.status === "False" && synchronized.reason === "DeletionFailed" ? `; its operator says: ${said(synchronized.message)}` : "";
}

/** Webhooks of these operators whose namespace is gone. */
function orphanedWebhooks(seen: Seen): readonly Cause[] {
  return (["validatingWebhooks", "mutatingWebhooks"] as const).flatMap((kind) =>
    all(seen, kind).flatMap((configuration) => {
      const gone = servicesOf(configuration).find(({ namespace }) => namespace !== "" && namespaceIsGone(seen, namespace));
      if (gone === undefined || !/kubevirt|hco|cdi|hyperconverged|hostpath|virt-/.test(nameOf(configuration))) return [];
      return [
        {
          id: "VIRT_LEFTOVERS" as const,
          object: called(kind, configuration),
          message: `is left of an earlier installation: its service ${gone.namespace}/${gone.name} is gone, so whatever it guards is refused`,
          fix: `kubectl delete ${kind === "validatingWebhooks" ? "validatingwebhookconfiguration" : "mutatingwebhookconfiguration"} ${nameOf(configuration)}`,
          patienceMs: LATER,
        },
      ];
    }),
  );
}
