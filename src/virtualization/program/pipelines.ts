import type * as pulumi from "@pulumi/pulumi";
import type { VirtualizationSpec } from "../../config/index.ts";
import { OperatorReady } from "../resources/sdk.ts";
import { revisionOf, type Day2 } from "./context.ts";
import { applyFiles } from "./manifests.ts";

/** Global operators live here, and OpenShift brings its OperatorGroup for all namespaces. */
const NAMESPACE = "openshift-operators";
const SUBSCRIPTION = "openshift-pipelines-operator-rh";
const CATALOG = { name: "redhat-operators", namespace: "openshift-marketplace" };

/** Tekton: by OpenShift Pipelines, or by the release manifests that the user pinned. */
export function pipelines(day2: Day2, wanted: NonNullable<VirtualizationSpec["pipelines"]>, ready: pulumi.Resource): void {
  if (wanted.source === "Manifests") {
    applyFiles(day2, "pipelines", wanted.files, ready);
    return;
  }
  const spec = {
    name: SUBSCRIPTION,
    source: CATALOG.name,
    sourceNamespace: CATALOG.namespace,
    channel: wanted.channel,
    installPlanApproval: "Automatic",
  };
  const manifest = {
    apiVersion: "operators.coreos.com/v1alpha1",
    kind: "Subscription",
    metadata: { name: SUBSCRIPTION, namespace: NAMESPACE },
    spec,
  };
  const subscribed = day2.apply("pipelines-subscription", manifest, ready);
  const target = {
    ...day2.target,
    namespaces: [NAMESPACE],
    olm: { subscription: SUBSCRIPTION, packageName: SUBSCRIPTION, channel: wanted.channel, approval: "Automatic" as const, catalogSource: CATALOG },
  };
  new OperatorReady("pipelines-ready", { ...day2.cluster, target, revision: revisionOf(spec) }, day2.after(subscribed));
}
