import type { Questions } from "../questions.ts";
import { KVM_MACHINE_NETWORK } from "./defaults.ts";

const DEFAULT_URI = "qemu:///system";

/** Which libvirt makes the machines. A bridge is no question: whoever has one knows the key. */
export const kvmQuestions: Questions = {
  label: "KVM: a Linux host with libvirt",
  questions: [
    {
      name: "uri",
      flags: "--libvirt-uri <uri>",
      description: "libvirt connection",
      message: "libvirt connection",
      initial: () => DEFAULT_URI,
      optional: true,
    },
  ],
  machineNetwork: KVM_MACHINE_NETWORK,
  asksForVips: false,
  onThisHost: true,
  keys: ({ uri, bridge }) => ({ uri: uri ?? DEFAULT_URI, ...(bridge === undefined ? {} : { network: { bridge } }) }),
  comments: { uri: " libvirt on this host, or qemu+ssh://user@host/system." },
};
