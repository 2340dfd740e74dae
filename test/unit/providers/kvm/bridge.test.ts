import { describe, expect, it } from "vitest";
import { InstallerError } from "../../../../src/errors/index.ts";
import type { Runner } from "../../../../src/exec/index.ts";
import { Libvirt } from "../../../../src/providers/kvm/libvirt.ts";
import { checkBridge } from "../../../../src/providers/kvm/preflight/bridge.ts";
import type { CheckInput } from "../../../../src/providers/kvm/preflight/check.ts";
import type { Finding } from "../../../../src/providers/preflight/check.ts";
import { REMOTE_URI } from "../../../helpers/remote-libvirt-host.ts";

const LIST = " br0      active     86:f6:bf:6f:a9:b5\n eth0     active     0e:d8:c5:ce:ad:af\n virbr0   inactive   52:54:00:00:00:01\n";
const XML = `<interface type='bridge' name='br0'>
  <bridge stp='off' delay='0'>
    <interface type='ethernet' name='eth0'/>
  </bridge>
</interface>
<interface type='ethernet' name='eth0'>
  <mtu size='1500'/>
</interface>
<interface type='bridge' name='virbr0'>
  <bridge stp='on' delay='2'/>
</interface>
`;
const NO_DRIVER = "virsh failed: error: this function is not supported by the connection driver: virConnectListAllInterfaces";

/** A libvirt with these interfaces, or one that cannot list them; `ip` knows br5. */
const host = (knowsInterfaces: boolean): Runner => {
  return async (file, args) => {
    const answer = (stdout: string) => Promise.resolve({ stdout, stderr: "", exitCode: 0 });
    if (file === "ip") return await answer('[{"ifname":"br5","operstate":"UP"},{"ifname":"br6","operstate":"DOWN"}]');
    if (!knowsInterfaces) throw new InstallerError("EXEC_FAILED", NO_DRIVER);
    return await answer(args.includes("iface-list") ? LIST : XML);
  };
};

async function find(bridge: string | undefined, run: Runner, uri = REMOTE_URI): Promise<Finding> {
  const signal = new AbortController().signal;
  const platform = { uri, network: bridge === undefined ? { kind: "managed" } : { kind: "bridge", bridge } };
  return await checkBridge({ platform, libvirt: new Libvirt(uri, { run, signal, env: {} }), run, signal } as unknown as CheckInput);
}

describe("the bridge of the machines", () => {
  it.each([
    ["br0", "ok", "br0 on kvm.example.com"],
    ["br77", "failed", "kvm.example.com has no bridge br77; there are: br0, virbr0"],
    ["eth0", "failed", "eth0 on kvm.example.com is no bridge; there are: br0, virbr0"],
    ["virbr0", "ok", "virbr0 on kvm.example.com, without a link so far"],
  ])("%s on a remote host", async (bridge, outcome, found) => {
    expect(await find(bridge, host(true))).toMatchObject({ outcome, found });
  });

  it.each([
    ["br5", "ok", "br5 on this host"],
    ["br6", "ok", "br6 on this host, without a link so far"],
    ["br77", "failed", "this host has no bridge br77; there are: br5, br6"],
  ])("%s on this host, whose libvirt lists no interfaces", async (bridge, outcome, found) => {
    expect(await find(bridge, host(false), "qemu:///system")).toMatchObject({ outcome, found });
  });

  it("is not looked at where a remote libvirt lists no interfaces, and that is said", async () => {
    expect(await find("br0", host(false))).toMatchObject({
      outcome: "warning",
      found: expect.stringContaining("not checked") as string,
      fix: expect.stringContaining("br0 exists") as string,
    });
  });

  it("is none on a managed network", async () => {
    expect(await find(undefined, host(true))).toMatchObject({ outcome: "skipped" });
  });
});
