import type { Runner } from "../../src/exec/index.ts";

/** What every step of the image build is given. */
export interface BuildContext {
  readonly run: Runner;
  /** A new folder of this build, removed at its end. */
  readonly workDir: string;
  /** Folder with the Kubernetes, etcd and CoreDNS commands. */
  readonly binDir: string;
  /** `templates/node-image` */
  readonly templateDir: string;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

export const PAUSE_IMAGE = "localhost/virt-ipi/pause:3.10";
export const COREDNS_IMAGE = "localhost/virt-ipi/coredns:1.12.4";
export const BUSYBOX_IMAGE = "localhost/virt-ipi/busybox:1.35";

/** Commands that go into /usr/bin of the image. */
export const NODE_COMMANDS = [
  "etcd",
  "etcdctl",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kubectl",
  "machine-config-server",
] as const;
