import type { PlatformAssetInput } from "./asset-input.ts";
import type { Contract } from "./contract.ts";
import { isGateOpen } from "./gates.ts";
import type { OpenShiftSpec } from "./openshift-spec.ts";

export const MACHINE_API_NAMESPACE = "openshift-machine-api";

type Labels = Readonly<Record<string, string>>;
type Input = Pick<PlatformAssetInput, "openshift" | "contract" | "identity">;

/** The label by which machines follow a stream of the operating system, where there are several. */
export const streamLabels = ({ config }: Pick<OpenShiftSpec, "config">): Labels =>
  config.osImageStream !== undefined && isGateOpen(config, "OSStreams") ? { "machineconfiguration.openshift.io/osstream": config.osImageStream } : {};

/** Which cluster a machine belongs to, and what it is in it. */
export const machineLabels = (infraID: string, role: string): Labels => ({
  "machine.openshift.io/cluster-api-cluster": infraID,
  "machine.openshift.io/cluster-api-machine-role": role,
  "machine.openshift.io/cluster-api-machine-type": role,
});

/** The number of an item in a file name: as wide as the number of items. */
export const fileNumber = (index: number, count: number): string => String(index).padStart(String(count).length, "0");

/** The spec of a machine, or of the machines that a set makes. @param providerSpec with `apiVersion` and `kind` */
export const specOf = (providerSpec: object, { nullCreationTimestamps }: Pick<Contract, "nullCreationTimestamps">) => {
  const metadata = nullCreationTimestamps ? { creationTimestamp: null } : {};
  return { lifecycleHooks: {}, metadata: {}, providerSpec: { value: { metadata, ...providerSpec } } };
};

/** A machine of the Machine API. @param providerSpec with `apiVersion` and `kind` */
export const machineObject = ({ openshift, contract, identity }: Input, pool: string, index: number, providerSpec: object) => ({
  apiVersion: "machine.openshift.io/v1beta1",
  kind: "Machine",
  metadata: {
    name: `${identity.infraID}-${pool}-${index}`,
    namespace: MACHINE_API_NAMESPACE,
    labels: { ...machineLabels(identity.infraID, pool), ...streamLabels(openshift) },
  },
  spec: specOf(providerSpec, contract),
  status: {},
});

/** @param labels of the object itself, beside that of the stream */
export function machineSetObject(
  { openshift, contract, identity: { infraID } }: Input,
  pool: string,
  index: number,
  replicas: number,
  providerSpec: object,
  labels: Labels,
) {
  const name = `${infraID}-${pool}-${index}`;
  const own = { "machine.openshift.io/cluster-api-machineset": name };
  return {
    apiVersion: "machine.openshift.io/v1beta1",
    kind: "MachineSet",
    metadata: { name, namespace: MACHINE_API_NAMESPACE, labels: { ...labels, ...streamLabels(openshift) } },
    spec: {
      replicas,
      selector: { matchLabels: { "machine.openshift.io/cluster-api-cluster": infraID, ...own } },
      template: {
        metadata: { labels: { ...machineLabels(infraID, pool), ...own, ...streamLabels(openshift) } },
        spec: specOf(providerSpec, contract),
      },
    },
    status: { replicas: 0 },
  };
}
