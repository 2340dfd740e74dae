import { describe, expect, it } from "vitest";
import { planMachines } from "../../../src/config/index.ts";
import { planNetwork } from "../../../src/providers/kvm/network-plan.ts";
import { domainXml, type DomainDescription } from "../../../src/providers/kvm/xml/domain-xml.ts";
import { networkXml } from "../../../src/providers/kvm/xml/network-xml.ts";
import { poolXml, volumeXml } from "../../../src/providers/kvm/xml/storage-xml.ts";
import { kvmCluster } from "../../helpers/kvm-cluster.ts";

const FOLDER = "/var/lib/libvirt/images/virt-ipi/try-abcde";

const machine: DomainDescription = {
  name: "try-abcde-master-0",
  uuid: "11111111-2222-4333-8444-555555555555",
  infraID: "try-abcde",
  role: "control-plane",
  acceleration: "kvm",
  cpus: 4,
  memoryMB: 16_384,
  diskPath: `${FOLDER}/try-abcde-master-0.qcow2`,
  ignitionPath: `${FOLDER}/try-abcde-master-0.ign`,
  consoleLogPath: `${FOLDER}/try-abcde-master-0.console.log`,
  macAddress: "52:54:00:00:00:10",
  network: { kind: "network", name: "try-abcde" },
};

/** What libvirt is given, to the letter. A change here changes machines: `npx vitest run test/golden/kvm -u` writes it anew. */
describe("libvirt documents", () => {
  it.each([
    ["domain-kvm", machine],
    ["domain-tcg-bridge", { ...machine, acceleration: "qemu", network: { kind: "bridge", name: "br'0&<" }, ignitionPath: undefined }],
  ] as const)("%s", async (name, description) => {
    await expect(domainXml(description)).toMatchFileSnapshot(`${name}.xml`);
  });

  it("network", async () => {
    const { spec, identity } = kvmCluster();
    const inputs = planNetwork(spec, identity.infraID, planMachines(spec, identity));
    await expect(networkXml({ ...inputs, dynamicRange: inputs.dynamicRange, forward: "nat" })).toMatchFileSnapshot("network.xml");
  });

  it("pool and volumes", async () => {
    const overlay = volumeXml({
      name: "try-abcde-master-0.qcow2",
      format: "qcow2",
      capacity: 120 * 2 ** 30,
      backingPath: `${FOLDER}/try-abcde-base.qcow2`,
    });
    const ignition = volumeXml({ name: "try-abcde-master-0.ign", format: "raw", capacity: 321 });
    await expect([poolXml("try-abcde", FOLDER), overlay, ignition].join("")).toMatchFileSnapshot("storage.xml");
  });
});
