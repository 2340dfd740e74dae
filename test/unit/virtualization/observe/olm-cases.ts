import type { Cause } from "../../../../src/virtualization/observe/index.ts";
import { CSV, NS } from "../../../helpers/virtualization.ts";
import { all, csv, pod, type Stage, subscription, waiting } from "./signs.ts";

/** Sign in the cluster, the first cause, what it must say, and what its fix must say. */
export type Case = readonly [string, Stage, Cause["id"], RegExp, RegExp];

/** What OLM shows, in its own words as far as test/nightly/olm-causes.test.ts sees them. */
export const OLM_CASES: readonly Case[] = [
  ["no OLM", (it) => delete it.objects.subscriptions, "VIRT_OLM_MISSING", /no Operator Lifecycle Manager/, /source: Manifests/],
  [
    "a catalog that does not exist",
    all(
      (it) => it.remove("catalogSources", "community-operators"),
      (it) => void it.put("catalogSources", "redhat-operators", {}, "openshift-marketplace"),
    ),
    "VIRT_CATALOG_MISSING",
    /there are openshift-marketplace\/redhat-operators/,
    /virtualization\.catalogSource/,
  ],
  [
    "a catalog that does not answer",
    (it) =>
      void it.change("catalogSources", "community-operators", {
        status: { connectionState: { lastObservedState: "TRANSIENT_FAILURE", address: "c:50051" } },
      }),
    "VIRT_CATALOG_UNHEALTHY",
    /TRANSIENT_FAILURE \(c:50051\)/,
    /gRPC address/,
  ],
  [
    "a catalog whose image cannot be pulled",
    all(
      (it) => void it.change("catalogSources", "community-operators", { status: { connectionState: { lastObservedState: "CONNECTING" } } }),
      pod(
        "community-operators-x",
        waiting("ImagePullBackOff", "unauthorized"),
        { "olm.catalogSource": "community-operators" },
        "openshift-marketplace",
      ),
    ),
    "VIRT_CATALOG_UNHEALTHY",
    /CONNECTING; its pod: cannot pull .*unauthorized/,
    /on OKD only images without pull secret/,
  ],
  ["no OperatorGroup", (it) => it.remove("operatorGroups", "kubevirt-hyperconverged-group"), "VIRT_OPERATOR_GROUP", /has no OperatorGroup/, /resume/],
  ["two OperatorGroups", (it) => void it.put("operatorGroups", "mine", {}, NS), "VIRT_OPERATOR_GROUP", /2 OperatorGroups .*mine/, /Delete all but/],
  [
    "an OperatorGroup of the wrong kind",
    all(
      (it) => void it.change("operatorGroups", "kubevirt-hyperconverged-group", { spec: { targetNamespaces: [NS] } }),
      csv("Failed", "UnsupportedOperatorGroup", "OwnNamespace InstallModeType not supported"),
    ),
    "VIRT_OPERATOR_GROUP",
    /supports AllNamespaces only, but OperatorGroup kubevirt-hyperconverged-group targets kubevirt-hyperconverged/,
    /spec empty: \{\}/,
  ],
  [
    "a package that the catalog does not hold",
    subscription(
      "ResolutionFailed",
      "no operators found in package community-kubevirt-hyperconverged in the catalog referenced by subscription hco-operatorhub",
    ),
    "VIRT_RESOLUTION_FAILED",
    /no operators found/,
    /channel stable and kubevirt-hyperconverged-operator\.v1\.18\.1/,
  ],
  [
    "a bundle that cannot be unpacked",
    subscription("BundleUnpackFailed", "bundle unpacking failed. Reason: DeadlineExceeded"),
    "VIRT_UNPACK_FAILED",
    /DeadlineExceeded/,
    /delete the failed Job/,
  ],
  [
    "an InstallPlan that failed",
    subscription("InstallPlanFailed", "error creating csv"),
    "VIRT_INSTALL_PLAN_FAILED",
    /error creating csv/,
    /delete the ClusterServiceVersion/,
  ],
  [
    "a plan that OLM tries again",
    (it) =>
      void it.put(
        "installPlans",
        "install-fghij",
        {
          spec: {},
          status: { phase: "Installing", message: "retrying execution due to error: things.example.com is forbidden: no such things here" },
        },
        NS,
      ),
    "VIRT_INSTALL_PLAN_FAILED",
    /^OLM tries again what failed: things\.example\.com is forbidden/,
    /get subscriptions\.operators\.coreos\.com hco-operatorhub -o yaml \| kubectl replace --force/,
  ],
  [
    "a plan that is too large to be written down",
    subscription("BundleUnpackFailed", "error ensuring InstallPlan: etcdserver: request is too large", "EnsureInstallPlanFailed"),
    "VIRT_DEFINITION_TOO_LARGE",
    /etcdserver: request is too large$/,
    /max-request-bytes/,
  ],
  [
    "a plan that cannot be written down",
    subscription("BundleUnpackFailed", "error ensuring InstallPlan: exceeded quota: plans", "EnsureInstallPlanFailed"),
    "VIRT_INSTALL_PLAN_FAILED",
    /exceeded quota/,
    /Fix what the message names/,
  ],
  [
    "an InstallPlan for another version",
    all(
      (it) => it.remove("installPlans", "install-abcde"),
      (it) => void it.change("subscriptions", "hco-operatorhub", { status: { currentCSV: "kubevirt-hyperconverged-operator.v1.19.0" } }),
      (it) =>
        void it.put(
          "installPlans",
          "install-fghij",
          {
            spec: { approved: false, clusterServiceVersionNames: ["kubevirt-hyperconverged-operator.v1.19.0"] },
            status: { phase: "RequiresApproval" },
          },
          NS,
        ),
    ),
    "VIRT_INSTALL_PLAN_OTHER",
    /v1\.19\.0, not kubevirt-hyperconverged-operator\.v1\.18\.1/,
    /startingCSV that channel stable holds/,
  ],
  [
    "a version that failed",
    csv("Failed", "ComponentUnhealthy", "installing: deployment hco-operator not available"),
    "VIRT_CSV_FAILED",
    /ComponentUnhealthy: .*hco-operator/,
    /pods and deployments/,
  ],
  [
    "a version that OLM tries again and again, between two attempts",
    csv("Pending", "NeedsReinstall", "installing: missing deployment with name=hco-operator", {
      conditions: [
        { phase: "Failed", reason: "InstallComponentFailed", message: 'install strategy failed: Deployment.apps "hco-operator" is invalid' },
        { phase: "Pending", reason: "NeedsReinstall", message: "installing: missing deployment with name=hco-operator" },
      ],
    }),
    "VIRT_CSV_FAILED",
    /^Failed, InstallComponentFailed: .*"hco-operator" is invalid$/,
    /pods and deployments/,
  ],
  [
    "a version that is not ready in time, since a pod of it cannot pull",
    all(
      csv("Failed", "InstallCheckFailed", 'install failed: deployment "hco-operator" exceeded its progress deadline'),
      pod("hco-operator-x", waiting("ErrImagePull", "no such host")),
    ),
    "VIRT_IMAGE_PULL",
    /no such host/,
    /registry/,
  ],
  [
    "a version that waits for what it requires, and whose ServiceAccount OLM has not looked at again",
    csv("Pending", "RequirementsNotMet", "", {
      requirementStatus: [
        { kind: "CustomResourceDefinition", name: "cdis.cdi.kubevirt.io", status: "NotPresent", message: "CRD is not present" },
        { kind: "ServiceAccount", name: "x", status: "NotPresent", message: "Service account does not exist" },
        { kind: "ServiceAccount", name: "y", status: "Present" },
      ],
    }),
    "VIRT_REQUIREMENTS",
    /: CustomResourceDefinition cdis\.cdi\.kubevirt\.io \(NotPresent: CRD is not present\)$/,
    /InstallPlan's steps/,
  ],
  [
    "a version for a newer Kubernetes",
    csv("Pending", "RequirementsNotMet", "", {
      requirementStatus: [
        { kind: "ClusterServiceVersion", name: CSV, status: "PresentNotSatisfied", message: "minKubeVersion (9.9.9) > server version" },
      ],
    }),
    "VIRT_REQUIREMENTS",
    /minKubeVersion \(9\.9\.9\)/,
    /upgrade the cluster/,
  ],
  [
    "an upgrade that the operator does not allow",
    all(
      csv("Pending", "OperatorConditionNotUpgradeable", "operator is not upgradeable: the operator is not upgradeable: HCOIsProgressing"),
      subscription(
        "ResolutionFailed",
        "clusterserviceversion kubevirt-hyperconverged-operator.v1.17.3 exists and is not referenced by a subscription",
      ),
    ),
    "VIRT_NOT_UPGRADEABLE",
    /HCOIsProgressing/,
    /Available and not Progressing/,
  ],
];
