import type { KubeObject } from "../../kube/index.ts";

export const VM = "smoke-test";
export const IMPORTED = "imported";
export const CLONED = "cloned";

/** Memory of a guest that is no distribution with cloud-init. */
const SMALL = "128Mi";

/** Printed on the guest's console by its first boot. */
export const consoleMark = (namespace: string): string => `virt-ipi smoke test in ${namespace}: the guest is up`;

/** What the machine boots. */
export interface Guest {
  /** A containerDisk. */
  readonly image: string;
  /** A text that the guest writes on its console by itself; unless given, cloud-init in it writes one, and it has the guest agent. */
  readonly console?: string | undefined;
}

/** What must stand on the console. */
export const consoleText = (namespace: string, { console }: Guest): string => console ?? consoleMark(namespace);

/**
 * A machine that needs no storage: its disk is an image of a registry. It can be migrated, since nothing of it lies on a node.
 * Source: kubevirt.io/v1 VirtualMachine, user guide "containerDisk", "masquerade", "logSerialConsole"
 */
export function virtualMachine(namespace: string, guest: Guest): KubeObject {
  const { image } = guest;
  const hasCloudInit = guest.console === undefined;
  const userData = ["#cloud-config", "bootcmd:", `  - [sh, -c, "echo '${consoleMark(namespace)}' > /dev/console"]`, ""].join("\n");
  return {
    metadata: { name: VM, namespace },
    spec: {
      runStrategy: "Always",
      template: {
        metadata: { labels: { "kubevirt.io/vm": VM } },
        spec: {
          terminationGracePeriodSeconds: 0,
          domain: {
            devices: {
              logSerialConsole: true,
              disks: [{ name: "containerdisk", disk: { bus: "virtio" } }, ...(hasCloudInit ? [{ name: "cloudinit", disk: { bus: "virtio" } }] : [])],
              interfaces: [{ name: "default", masquerade: {} }],
              rng: {},
            },
            memory: { guest: hasCloudInit ? "1Gi" : SMALL },
          },
          networks: [{ name: "default", pod: {} }],
          volumes: [
            { name: "containerdisk", containerDisk: { image } },
            ...(hasCloudInit ? [{ name: "cloudinit", cloudInitNoCloud: { userData } }] : []),
          ],
        },
      },
    },
  };
}

/** Bound at once: on classes that wait for their first user nothing would ever be imported. */
const IMMEDIATE = { "cdi.kubevirt.io/storage.bind.immediate.requested": "true" };

/** Access mode and volume mode are left to the StorageProfile. */
export function importedVolume(namespace: string, image: string): KubeObject {
  return dataVolume(namespace, IMPORTED, { registry: { url: `docker://${image}` } });
}

export function clonedVolume(namespace: string): KubeObject {
  return dataVolume(namespace, CLONED, { pvc: { namespace, name: IMPORTED } });
}

function dataVolume(namespace: string, name: string, source: object): KubeObject {
  return {
    metadata: { name, namespace, annotations: IMMEDIATE },
    spec: { source, storage: { resources: { requests: { storage: "8Gi" } } } },
  };
}

export const migration = (namespace: string): KubeObject => ({ metadata: { name: VM, namespace }, spec: { vmiName: VM } });
