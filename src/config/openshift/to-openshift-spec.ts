import type { InstallConfig } from "../install-config.ts";
import { blankSecrets } from "../redact.ts";
import { contractOf, type Contract } from "./contract.ts";
import type { OpenShiftSpec } from "./openshift-spec.ts";
import { releaseOf } from "./release.ts";

export const openshiftSpec = (config: InstallConfig): OpenShiftSpec => ({
  release: releaseOf(config),
  config: blankSecrets(config),
  sshKey: config.sshKey ?? "",
});

/** What the assets of a cluster's version are like. */
export const contractOfCluster = ({ release }: Pick<OpenShiftSpec, "release">): Contract => contractOf(release.version);
