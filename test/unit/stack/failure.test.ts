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
    ["kubernetes:core/v1:ConfigMap", "KUBE_CONFLICT: ConfigMap a/b: 1 field belongs to them", "KUBE_CONFLICT", 6],
    // The official plugin's, which name no id.
    [
      "kubernetes:core/v1:ConfigMap",
      'configured Kubernetes cluster is unreachable: Get "https://a": dial tcp: connection refused',
      "KUBE_UNREACHABLE",
      6,
    ],
    ["kubernetes:core/v1:ConfigMap", "server-side apply field conflict detected: Apply failed with 1 conflict", "KUBE_CONFLICT", 6],
    ["kubernetes:a.b/v1:C", 'failed calling webhook "w": Post "https://a": connection refused', "KUBE_WEBHOOK_FAILED", 6],
    ["kubernetes:a.b/v1:C", 'admission webhook "w" denied the request: no', "KUBE_DENIED", 6],
    ["kubernetes:a.b/v1:C", 'no matches for kind "C" in version "a.b/v1"', "KUBE_KIND_UNKNOWN", 6],
    ["kubernetes:a.b/v1:C", "the Kubernetes API server reported that it failed to fully initialize or become live", "KUBE_NOT_READY", 6],
    ["kubernetes:core/v1:ConfigMap", 'ConfigMap "c" is invalid: []: Too long: may not be more than 1048576 bytes', "KUBE_TOO_LARGE", 6],
    ["kubernetes:a.b/v1:C", "etcdserver: request is too large", "KUBE_TOO_LARGE", 6],
    ["kubernetes:a.b/v1:C", "rpc error: code = ResourceExhausted desc = trying to send message larger than max (1 vs. 2)", "KUBE_TOO_LARGE", 6],
    ["kubernetes:a.b/v1:C", "failed to fully initialize or become live: timed out waiting for the condition", "KUBE_NOT_READY", 6],
    ["kubernetes:a.b/v1:C", "deleting urn:x: 1 error occurred:\n\t* timed out waiting for the condition", "KUBE_DELETION_STUCK", 6],
    ["kubernetes:a.b/v1:C", "something else", "KUBE_REFUSED", 6],
    ["vsphere:index/virtualMachine:VirtualMachine", "error cloning virtual machine: *types.DuplicateName", "NAME_TAKEN", 4],
    ["vsphere:index/virtualMachine:VirtualMachine", "error reconfiguring: 503 Service Unavailable", "VCENTER_UNREACHABLE", 4],
    ["vsphere:index/folder:Folder", "ServerFaultCode: NoPermission", "VCENTER_PRIVILEGE", 4],
    ["vsphere:index/folder:Folder", "something else", "VCENTER_FAILED", 4],
    ["pulumi:providers:vsphere", "ServerFaultCode: Cannot complete login due to an incorrect user name or password.", "VCENTER_LOGIN", 4],
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

  it("begins with what is wrong, not with how much is", () => {
    const kubevirt = urn("kubernetes:kubevirt.io/v1:KubeVirt", "kubevirt");
    // As the plugin for Kubernetes passes on what KubeVirt's webhook says.
    const denied = `the API server reported that it failed to become live: admission webhook "kubevirt-update-validator.kubevirt.io" denied the request: no`;
    const error = failureOf(
      [
        { urn: kubevirt, message: `1 error occurred:\n\t* ${denied}\n\n` },
        { urn: urn("kubernetes:core/v1:ConfigMap", "c"), message: "deleting urn:x: 2 errors occurred:\n\t* one\n\t* two" },
      ],
      "",
    );
    expect(error).toMatchObject({ id: "KUBE_DENIED", message: `kubevirt: ${denied}`, details: ["c: one"] });
  });

  it("tells what was remarked about the same resource before", () => {
    const [kept, other] = [urn("kubernetes:core/v1:ConfigMap", "kept"), urn("kubernetes:core/v1:ConfigMap", "other")];
    const remarks = [
      { urn: kept, message: "finalizers might be preventing deletion (a.b/c)" },
      { urn: other, message: "deprecated" },
    ];
    expect(failureOf([{ urn: kept, message: "timed out waiting for the condition" }], "", remarks).details).toEqual([
      "finalizers might be preventing deletion (a.b/c)",
    ]);
  });

  it("gives the advice that fits the very failure", () => {
    const message = "VIRT_NO_KVM: no node has /dev/kvm\nwaited for: nodes\nfix: Set emulation: On.";
    expect(failureOf([{ urn: MACHINE, message }], "")).toMatchObject({ advice: "Set emulation: On.", details: ["waited for: nodes"] });
    expect(failureOf([{ urn: MACHINE, message: "VIRT_NO_KVM: no node" }], "").advice).toMatch(/nested virtualization/);
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
