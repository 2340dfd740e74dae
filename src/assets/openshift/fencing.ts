import { createHash } from "node:crypto";
import type { Manifest } from "../manifests/index.ts";
import type { OpenShiftContext } from "./context.ts";
import { base64, manifest, typed } from "./objects.ts";

const FILE = "openshift/99_openshift-etcd_fencing-credentials-secrets-";

/** Whether a manifest holds passwords of management controllers: OpenShift keeps these from others on the bootstrap machine. */
export const isFencingSecret = (path: string): boolean => path.startsWith(FILE);

/** How a control-plane machine switches off the other one. */
export function fencingSecrets({ openshift: { fencing }, contract }: OpenShiftContext): readonly Manifest[] {
  if (!contract.fencingSecrets) return [];
  const width = String(fencing.length).length;
  return fencing.map(({ hostName = "", macAddress = "", address = "", username = "", password = "", certificateVerification = "" }, index) => {
    const isByHost = hostName !== "";
    // A MAC address cannot be part of a name.
    const mac = createHash("sha256")
      .update(macAddress.toLowerCase().replaceAll(/[^0-9a-f]/g, ""))
      .digest("hex");
    return manifest(
      `${FILE}${String(index).padStart(width, "0")}.yaml`,
      typed(contract, {
        apiVersion: "v1",
        kind: "Secret",
        metadata: {
          name: `fencing-credentials-${isByHost ? hostName : mac}`,
          namespace: "openshift-etcd",
          ...(contract.fencingByMac ? { annotations: { "openshift.io/fencing-credentials": isByHost ? "hostname" : "mac-address" } } : {}),
        },
        data: {
          address: base64(address),
          certificateVerification: base64(certificateVerification),
          password: base64(password),
          username: base64(username),
        },
      }),
    );
  });
}
