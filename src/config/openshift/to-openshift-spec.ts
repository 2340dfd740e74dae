import type { InstallConfig } from "../install-config.ts";
import { blankSecrets } from "../redact.ts";
import { contractOf } from "./contract.ts";
import type { OpenShiftSpec } from "./openshift-spec.ts";
import { present } from "../optional.ts";
import { releaseOf } from "./release.ts";

export function openshiftSpec(config: InstallConfig): OpenShiftSpec {
  const release = releaseOf(config);
  const { defaultOsImageStream } = contractOf(release.version, config.distribution);
  return {
    release,
    config: blankSecrets({ ...present("osImageStream", defaultOsImageStream), ...config }),
    sshKey: config.sshKey ?? "",
    fencing: config.controlPlane.fencing?.credentials ?? [],
  };
}
