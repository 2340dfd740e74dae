import { isGateOpen } from "../../config/index.ts";
import { shellQuote } from "../../util/index.ts";
import { renderTemplate } from "../templates.ts";
import type { OpenShiftContext } from "./context.ts";

/** What the files of a bootstrap machine are rendered from. */
export interface BootstrapMachine extends OpenShiftContext {
  /** It becomes the cluster by itself. */
  readonly inPlace: boolean;
}

type Values = Readonly<Record<string, string>>;

/** What scripts of the bootstrap machine know of the cluster and of its version; the others are the same everywhere. */
const VALUES: Readonly<Record<string, (context: BootstrapMachine) => Values>> = {
  "bootkube.sh": (context) => ({
    apiHost: shellQuote(`api.${context.spec.clusterDomain}`),
    apiIntHost: shellQuote(`api-int.${context.spec.clusterDomain}`),
    inPlace: String(context.inPlace),
    konnectivity: String(usesKonnectivity(context)),
    cvoFlags: context.contract.bootstrap.cvoReadsClusterVersion ? "--cluster-version-manifest-path=/assets/manifests/cvo-overrides.yaml" : "",
    etcdFlags: context.contract.bootstrap.etcdReadsManifests ? '--rendered-manifest-files=/assets/manifests --payload-version="$VERSION"' : "",
    mccReadsReferences: String(context.contract.bootstrap.mccReadsReferences),
  }),
  "install-to-disk.sh": ({ openshift }) => ({ disk: shellQuote(openshift.config.bootstrapInPlace?.installationDisk ?? "") }),
  "kubelet.sh": ({ contract }) => ({
    pauseImageFlag: contract.bootstrap.kubeletPauseImage ? '--pod-infra-container-image="$KUBELET_PAUSE_IMAGE"' : "",
  }),
  "node-image-overlay.sh": ({ contract }) => ({
    kept: contract.bootstrap.keepsCryptoPolicies ? "--exclude=/crypto-policies" : "",
  }),
  "node-image-pull.sh": ({ contract, openshift: { config } }) => ({
    ostreeFolder: contract.bootstrap.ostreeFolder,
    component: contract.bootstrap.nodeImage,
    stream: contract.bootstrap.nodeImageByStream ? shellQuote(config.osImageStream ?? "") : "",
  }),
  "release-image.sh": ({ openshift, contract }) => ({
    image: shellQuote(openshift.release.image),
    logDriver: contract.bootstrap.logsToFiles ? "--log-driver=k8s-file" : "",
  }),
};

/** The text of a script of the bootstrap machine. Their stages, flags and files are those that the release's operators and OpenShift's tools know. */
export const bootstrapScript = (context: BootstrapMachine, name: string): string =>
  renderTemplate(context.templates, `openshift/scripts/${name}`, VALUES[name]?.(context));

/** The bootstrap API server reaches webhooks in the cluster only where features of the preview have some; a single machine has no need of a way. */
const usesKonnectivity = (context: BootstrapMachine): boolean => {
  const { config } = context.openshift;
  const isOpen = isGateOpen(config, "ClusterAPIMachineManagement") || isGateOpen(config, "CRDCompatibilityRequirementOperator");
  return context.contract.konnectivity && isOpen && !context.inPlace;
};
