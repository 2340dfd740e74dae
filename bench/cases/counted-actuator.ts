import { setTimeout as delay } from "node:timers/promises";
import pLimit from "p-limit";
import type { Actuator } from "../../src/providers/index.ts";
import { kvmActuator } from "../../test/helpers/kvm-actuator.ts";
import { PlayedLibvirt } from "../../test/helpers/played-libvirt.ts";

export const ID = "c-abcde";
export const NAMESPACE = "openshift-machine-api";
export const MAX_CREATES = 4;
const URI = "qemu+ssh://root@a/system";
/** What a virsh takes on a host that has nothing else to do. */
const VIRSH_MS = 15;

export const PROVIDER_SPEC = {
  apiVersion: "kvm.virt-ipi.io/v1alpha1",
  kind: "KVMMachineProviderSpec",
  cpus: 1,
  memoryMB: 64,
  osDisk: { diskSizeGB: 1 },
  userDataSecret: { name: "s" },
};

export interface CountedActuator {
  readonly actuator: Actuator;
  /** Creates that ran at once, the most so far. */
  most(): number;
}

/** KVM's actuator on a played libvirt. */
export async function countedActuator(): Promise<CountedActuator> {
  const libvirt = new PlayedLibvirt();
  libvirt.schedule = () => delay(VIRSH_MS);
  const host = libvirt.host(URI);
  host.totalMB = 1_048_576;
  host.makePool(ID, [{ name: `${ID}-base.qcow2`, capacity: 2 ** 30 }]);
  host.makeNetwork(NETWORK);
  const actuator = await kvmActuator({
    infraID: ID,
    metadata: { platform: "kvm", uri: URI, pool: ID, poolOwned: true, network: ID, machines: [`${ID}-master-0`] },
    run: libvirt.run,
    start: (userData) => userData,
  });
  let running = 0;
  let most = 0;
  return {
    most: () => most,
    actuator: {
      exists: (...call) => actuator.exists(...call),
      update: (...call) => actuator.update(...call),
      delete: (...call) => actuator.delete(...call),
      create: async (...call) => {
        most = Math.max(most, ++running);
        try {
          return await actuator.create(...call);
        } finally {
          running--;
        }
      },
    },
  };
}

/** What the same machines take without controllers and API, on a played libvirt of their own. @returns milliseconds */
export async function createAlone(count: number): Promise<number> {
  const { actuator } = await countedActuator();
  const limit = pLimit(MAX_CREATES);
  const { signal } = new AbortController();
  const began = performance.now();
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      limit(async () => {
        const uid = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
        const metadata = { name: `${ID}-alone-${index}`, namespace: NAMESPACE, uid, labels: { "machine.openshift.io/cluster-api-cluster": ID } };
        const machine = { metadata, spec: { providerID: undefined, providerSpec: { value: PROVIDER_SPEC } }, status: undefined };
        await actuator.exists(machine, signal);
        await actuator.create(machine, "{}", signal);
        await actuator.exists(machine, signal);
        await actuator.update(machine, signal);
      }),
    ),
  );
  return performance.now() - began;
}

const NETWORK = `<network><name>${ID}</name><uuid>u</uuid>
  <metadata><v:owner xmlns:v="https://virt-ipi.dev/xmlns/owner/1" infraID="${ID}" role="network"/></metadata>
  <bridge name="b"/><domain name="c.example.com"/><dns><host ip="192.168.0.5"><hostname>api.c.example.com</hostname></host></dns>
  <ip address="192.168.0.1" prefix="20"><dhcp><range start="192.168.1.0" end="192.168.15.254"/></dhcp></ip></network>`;
