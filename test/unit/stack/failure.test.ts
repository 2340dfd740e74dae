import { describe, expect, it } from "vitest";
import { failureOf } from "../../../src/stack/failure.ts";

const urn = (type: string, name: string): string => `urn:pulumi:demo::virt-ipi::${type}::${name}`;
const MACHINE = urn("virt-ipi:kvm:Machine", "m0");

describe("failureOf", () => {
  it.each([
    ["virt-ipi:kvm:Machine", "NAME_TAKEN: domain m0 is there\nRename it.", "NAME_TAKEN", 4],
    ["virt-ipi:cluster:BootstrapComplete", "BOOTSTRAP_TIMEOUT: no api", "BOOTSTRAP_TIMEOUT", 5],
    ["virt-ipi:cluster:InstallComplete", "INSTALL_TIMEOUT: node m0 is not Ready", "INSTALL_TIMEOUT", 6],
    ["virt-ipi:cluster:BootstrapComplete", "rpc error: code = Unavailable desc = it died", "BOOTSTRAP_TIMEOUT", 5],
    ["virt-ipi:kvm:Network", "rpc error: code = Unknown desc = what is this", "PULUMI_FAILED", 4],
  ])("%s with %j is %s, exit code %i", (type, message, id, exitCode) => {
    expect(failureOf([{ urn: urn(type, "x"), message }], "")).toMatchObject({ id, exitCode });
  });

  it("takes the failure that names an id, and lists the others once", () => {
    const error = failureOf(
      [
        { urn: undefined, message: "update failed" },
        { urn: urn("virt-ipi:kvm:Network", "n"), message: "resource n failed" },
        { urn: MACHINE, message: "1 error occurred:\n\t* LIBVIRT_FAILED: no space\nsaid by libvirt" },
        { urn: urn("virt-ipi:kvm:Network", "n"), message: "resource n failed" },
      ],
      "",
    );
    expect(error).toMatchObject({ id: "LIBVIRT_FAILED", message: "m0: no space", value: "m0", details: ["said by libvirt", "n: resource n failed"] });
  });

  it("tells what a program threw, without where in the sources", () => {
    const message =
      "Unhandled exception: Error: invoking getVirtualMachine: connection refused\n    at Object.callback (/x/runtime/invoke.js:219:29)\n    at <anonymous>";
    expect(failureOf([{ urn: undefined, message }], "")).toMatchObject({ message: "invoking getVirtualMachine: connection refused", details: [] });
  });

  it("takes the end of the output where no diagnostic came", () => {
    expect(failureOf([], "one\ntwo\n").message).toBe("one\ntwo");
  });
});
