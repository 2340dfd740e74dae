import { asRendered, contractOfCluster, type Contract, openshiftPlatformOf, type OpenShiftPlatform, type OpenShiftSpec } from "../../config/index.ts";
import { InstallerError } from "../../errors/index.ts";
import type { AssetContext } from "../distribution-renderer.ts";

/** What assets of OpenShift are rendered from. */
export interface OpenShiftContext extends AssetContext {
  readonly openshift: OpenShiftSpec;
  readonly contract: Contract;
  readonly platform: OpenShiftPlatform;
}

/** @throws InstallerError DISTRIBUTION_UNSUPPORTED on a platform that OpenShift's assets are not rendered for */
export function openshiftContext<T extends AssetContext>(context: T): T & OpenShiftContext {
  const { openshift } = context.spec;
  const platform = openshiftPlatformOf(context.spec);
  if (openshift === undefined || platform === undefined) {
    const name = context.spec.platform.name;
    throw new InstallerError("DISTRIBUTION_UNSUPPORTED", `OpenShift is not rendered for platform ${name}`, { value: name });
  }
  const own: Pick<OpenShiftContext, "spec" | "openshift" | "platform" | "contract"> = {
    spec: asRendered(context.spec),
    openshift,
    platform,
    contract: contractOfCluster(openshift),
  };
  // On top of the context, not a copy of it: what is read of it can be observed, see `graph.ts`.
  return Object.assign(Object.create(context) as T, own);
}
