import { element, renderXml } from "./xml.ts";
import { ownerElement, type MachineMark } from "./metadata.ts";

/** `kvm` with hardware help, `qemu` is TCG: everything interpreted. */
export type Acceleration = "kvm" | "qemu";

export type MachineNetwork = { readonly kind: "network"; readonly name: string } | { readonly kind: "bridge"; readonly name: string };

export interface DomainDescription {
  readonly name: string;
  readonly uuid?: string | undefined;
  readonly infraID: string;
  readonly role: string;
  /** The Machine of the cluster's that it is made for. */
  readonly machine?: MachineMark | undefined;
  /** Of libvirt's list; the host's own unless given. */
  readonly cpuModel?: string | undefined;
  /** False: what runs in it gets no hardware help. */
  readonly nested?: boolean | undefined;
  readonly acceleration: Acceleration;
  readonly cpus: number;
  readonly memoryMB: number;
  readonly diskPath: string;
  readonly ignitionPath: string | undefined;
  readonly consoleLogPath: string;
  readonly macAddress: string;
  readonly network: MachineNetwork;
}

/**
 * libvirt's domain document. Source: https://libvirt.org/formatdomain.html
 * `<acpi/>` is needed: without it Ignition does not see fw_cfg and goes on with an empty config.
 */
export function domainXml(machine: DomainDescription): string {
  return renderXml(
    element(
      "domain",
      { type: machine.acceleration },
      element("name", {}, machine.name),
      machine.uuid !== undefined && element("uuid", {}, machine.uuid),
      ownerElement({ infraID: machine.infraID, role: machine.role }, machine.machine),
      element("memory", { unit: "MiB" }, String(machine.memoryMB)),
      element("vcpu", { placement: "static" }, String(machine.cpus)),
      machine.ignitionPath !== undefined &&
        element("sysinfo", { type: "fwcfg" }, element("entry", { name: "opt/com.coreos/config", file: machine.ignitionPath })),
      element("os", {}, element("type", { arch: "x86_64", machine: "q35" }, "hvm"), element("boot", { dev: "hd" })),
      element("features", {}, element("acpi"), element("apic")),
      cpu(machine),
      element("clock", { offset: "utc" }),
      element("on_poweroff", {}, "destroy"),
      element("on_reboot", {}, "restart"),
      element("on_crash", {}, "destroy"),
      devices(machine),
    ),
  );
}

// What TCG interprets more slowly than the code that a guest takes without it: 5-level page tables and wide vectors.
const SLOW_UNDER_TCG = ["la57", "avx", "avx2", "erms"];

/** What gives hardware help to guests of the guest, by the maker of the CPU. */
const NESTED = ["vmx", "svm"];

function cpu({ acceleration, cpuModel, nested }: DomainDescription): ReturnType<typeof element> {
  const slow = acceleration === "qemu" && cpuModel === undefined ? SLOW_UNDER_TCG : [];
  const disabled = [...slow, ...(nested === false ? NESTED : [])].map((name) => element("feature", { policy: "disable", name }));
  if (cpuModel !== undefined)
    return element("cpu", { mode: "custom", match: "exact" }, element("model", { fallback: "forbid" }, cpuModel), ...disabled);
  if (acceleration === "kvm") return element("cpu", { mode: "host-passthrough", migratable: "on" }, ...disabled);
  // `maximum` under TCG: RHCOS's user space wants more than qemu64 has.
  return element("cpu", { mode: "maximum" }, ...disabled);
}

function devices(machine: DomainDescription): ReturnType<typeof element> {
  return element(
    "devices",
    {},
    element(
      "disk",
      { type: "file", device: "disk" },
      element("driver", { name: "qemu", type: "qcow2", discard: "unmap" }),
      element("source", { file: machine.diskPath }),
      element("target", { dev: "vda", bus: "virtio" }),
    ),
    element(
      "interface",
      { type: machine.network.kind },
      element("mac", { address: machine.macAddress }),
      element("source", { [machine.network.kind]: machine.network.name }),
      element("model", { type: "virtio" }),
      // No option ROM: there is no network boot, and it costs seconds under TCG.
      element("rom", { enabled: "no" }),
    ),
    element("serial", { type: "pty" }, element("log", { file: machine.consoleLogPath, append: "on" }), element("target", { port: 0 })),
    element("console", { type: "pty" }, element("target", { type: "serial", port: 0 })),
    element("channel", { type: "unix" }, element("target", { type: "virtio", name: "org.qemu.guest_agent.0" })),
    element("controller", { type: "usb", model: "none" }),
    element("rng", { model: "virtio" }, element("backend", { model: "random" }, "/dev/urandom")),
    element("memballoon", { model: "virtio" }),
  );
}
