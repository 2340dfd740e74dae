import { type CatalogueEntry, entry } from "./entry.ts";

/** Platform kvm. */
export const KVM_ERRORS = {
  LIBVIRT_UNREACHABLE: entry(
    "infrastructure",
    "libvirt does not answer.",
    "Check that libvirtd runs, the URI under platform.kvm.uri, and your right to use it (group libvirt).",
  ),
  LIBVIRT_URI_REFUSED: entry(
    "config",
    "A connection URI of libvirt is of a kind that is not accepted, since it could run programs or trust any server.",
    "Use qemu:///system, qemu:///session, qemu+ssh://USER@HOST/system, qemu+tls://HOST/system or qemu+unix:///system; VIRT_IPI_LIBVIRT_URI_PARAMETERS in the environment allows single parameters.",
  ),
  LIBVIRT_FAILED: entry("infrastructure", "libvirt refused an operation.", "Read its message above; `virt-ipi doctor` checks the host."),
  MACHINE_RESTART_REFUSED: entry(
    "infrastructure",
    "The change needs a restart of a running machine that is not allowed.",
    "Set platform.kvm.allowRestart: true in install-config.yaml and run `virt-ipi create cluster --regenerate`: the API is away while the control plane restarts. Or shut the machine down first.",
  ),
} as const satisfies Record<string, CatalogueEntry>;
