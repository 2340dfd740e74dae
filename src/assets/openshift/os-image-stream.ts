import { isGateOpen } from "../../config/index.ts";
import type { Manifest } from "../manifests/index.ts";
import type { OpenShiftContext } from "./context.ts";
import { manifest, typed } from "./objects.ts";

/** Which stream of the operating system machines follow. */
export function osImageStream({ openshift: { config }, contract }: OpenShiftContext): readonly Manifest[] {
  if (!isGateOpen(config, "OSStreams")) return [];
  return [
    manifest(
      "openshift/99_osimagestream.yaml",
      typed(contract, {
        apiVersion: `machineconfiguration.openshift.io/${contract.osImageStreamVersion}`,
        kind: "OSImageStream",
        metadata: { name: "cluster" },
        spec: { defaultStream: config.osImageStream },
      }),
    ),
  ];
}
