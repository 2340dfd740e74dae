import { describe, expect, it } from "vitest";
import { InstallerError } from "../../../../src/errors/index.ts";
import { domainFacts } from "../../../../src/providers/kvm/domains.ts";
import { Libvirt } from "../../../../src/providers/kvm/libvirt.ts";
import { networkFacts } from "../../../../src/providers/kvm/network.ts";
import { volumeFacts } from "../../../../src/providers/kvm/storage.ts";

const ends = (stderr: string): Libvirt =>
  new Libvirt("qemu:///system", { run: () => Promise.reject(new InstallerError("EXEC_FAILED", `virsh failed: ${stderr}`)), env: {} });

/** Each way in which we look whether something is there. */
const LOOKS = [
  ["a domain", (libvirt: Libvirt) => domainFacts(libvirt, "m"), "error: failed to get domain 'm'"],
  ["a network", (libvirt: Libvirt) => networkFacts(libvirt, "n"), "error: failed to get network 'n'"],
  ["a volume", (libvirt: Libvirt) => volumeFacts(libvirt, "p", "v"), "error: failed to get pool 'p'"],
] as const;

/** What virsh 9.0 printed when libvirtd was killed at that moment. */
const GONE_DAEMON = [
  [
    "before the command",
    "",
    "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/run/libvirt-sock': Connection refused",
  ],
  ["while it connects", "", "error: failed to connect to the hypervisor\nerror: Cannot recv data: Connection reset by peer"],
  [
    "between commands",
    "",
    "error: Failed to reconnect to the hypervisor\nerror: Failed to connect socket to '/run/libvirt-sock': Connection refused",
  ],
  ["during the look-up", "error: Disconnected from qemu:///system due to end of file\n", "\nerror: Cannot recv data: Connection reset by peer"],
  ["during the look-up, with nothing behind it", "error: Disconnected from qemu:///system due to end of file\n", ""],
  ["during the look-up, by its time-out", "error: Disconnected from qemu:///system due to keepalive timeout\n", ""],
  ["during the look-up, with a shut socket", "", "\nerror: internal error: client socket is closed"],
  ["during the look-up, half read", "", "\nerror: End of file while reading data: Input/output error"],
] as const;

describe.each(LOOKS)("whether %s is there", (_, look, lookup) => {
  it("is known where libvirt says that there is none", async () => expect(await look(ends(lookup))).toBeUndefined());

  it.each(GONE_DAEMON)("is not known where libvirtd ends %s", async (_when, before, after) => {
    await expect(look(ends(`${before}${lookup}${after}`))).rejects.toMatchObject({ id: "LIBVIRT_UNREACHABLE" });
  });
});
