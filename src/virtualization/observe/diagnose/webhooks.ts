import { at, type KubeObject, listAt, nameOf, namespaceOf, textAt } from "../../../kube/index.ts";
import { LATER, type Cause } from "../cause.ts";
import type { KindName } from "../kinds.ts";
import { all, called, find, type Seen } from "../seen.ts";

/**
 * KubeVirt's operator refuses machines by a webhook without a service until its own webhooks answer, and removes it then.
 * Source: KubeVirt 1.7, pkg/virt-operator/resource/apply/reconcile.go; seen in a cluster
 */
const WHILE_DEPLOYING = "virt-operator-tmp-webhook";

/** A webhook that nobody answers makes the API server refuse what it guards. */
export function webhookCauses(seen: Seen): readonly Cause[] {
  return (["validatingWebhooks", "mutatingWebhooks"] as const).flatMap((kind) =>
    all(seen, kind).flatMap((configuration) => {
      if (nameOf(configuration).startsWith(WHILE_DEPLOYING)) return [];
      const service = servicesOf(configuration).find(({ namespace }) => seen.target.namespaces.includes(namespace));
      if (service === undefined || hasEndpoints(seen, service) || namespaceIsGone(seen, service.namespace)) return [];
      return [unanswered(seen, kind, configuration, service)];
    }),
  );
}

interface Service {
  readonly namespace: string;
  readonly name: string;
}

/** Services of the webhooks whose failure refuses requests. */
export function servicesOf(configuration: KubeObject): readonly Service[] {
  return listAt(configuration, "webhooks")
    .filter((webhook) => textAt(webhook, "failurePolicy") !== "Ignore")
    .flatMap((webhook) => {
      const service = at(webhook, "clientConfig", "service");
      return service === undefined ? [] : [{ namespace: textAt(service, "namespace"), name: textAt(service, "name") }];
    });
}

export function hasEndpoints(seen: Seen, { namespace, name }: Service): boolean {
  return all(seen, "endpointSlices")
    .filter((slice) => namespaceOf(slice) === namespace && slice.metadata?.labels?.["kubernetes.io/service-name"] === name)
    .some((slice) => listAt(slice, "endpoints").some((endpoint) => at(endpoint, "conditions", "ready") !== false));
}

export const namespaceIsGone = (seen: Seen, namespace: string): boolean =>
  seen.objects.namespaces !== undefined && find(seen, "namespaces", namespace) === undefined;

function unanswered(seen: Seen, kind: KindName, configuration: KubeObject, { namespace, name }: Service): Cause {
  const installed = all(seen, "clusterServiceVersions").some((csv) => textAt(csv, "status", "phase") === "Succeeded");
  return {
    id: "VIRT_WEBHOOK_UNREACHABLE",
    object: called(kind, configuration),
    message: `asks service ${namespace}/${name}, which has no ready endpoint, so the API server refuses what it guards`,
    fix: `Look at the pods behind it: kubectl -n ${namespace} get pods,endpointslices. If its operator is gone: kubectl delete ${kind === "validatingWebhooks" ? "validatingwebhookconfiguration" : "mutatingwebhookconfiguration"} ${nameOf(configuration)}.`,
    // Before the operators run it is only natural.
    ...(installed ? { patienceMs: LATER } : {}),
  };
}
