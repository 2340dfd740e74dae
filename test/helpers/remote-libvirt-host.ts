import { InstallerError } from "../../src/errors/index.ts";
import type { Runner, RunResult } from "../../src/exec/index.ts";

/**
 * @plays a libvirt host that is reached by SSH
 * @contract the answers of virsh and ssh that preflight reads
 * @because no other host is there, with another processor
 * @real no test here
 */

export const REMOTE_HOST = "root@kvm.example.com";
export const REMOTE_URI = `qemu+ssh://${REMOTE_HOST}/system`;

export interface RemoteLibvirtHost {
  /** Whether libvirt offers KVM; without it domcapabilities of type kvm fails. */
  readonly accelerated: boolean;
  /** Of the CPU. */
  readonly flag?: string;
  /** What `cat` over ssh shows: a module's parameter. */
  readonly parameter?: string;
  /** What `virsh nodeinfo` prints; a host of four processors unless given. */
  readonly nodeinfo?: string;
}

/** Answers virsh and ssh as a host does that this machine has not. */
export function remoteLibvirtHost({ accelerated, flag = "svm", parameter = "", nodeinfo = NODEINFO }: RemoteLibvirtHost): Runner {
  return async (file, args) => {
    if (file === "ssh") {
      for (const word of ["--", REMOTE_HOST, "cat"]) if (!args.includes(word)) throw new Error(`ssh without ${word}: ${args.join(" ")}`);
      return await Promise.resolve(answer(parameter));
    }
    if (args.includes("nodeinfo")) return answer(nodeinfo);
    if (args.includes("cpu-baseline")) return answer(`<cpu><feature name='${flag}'/></cpu>`);
    if (args.includes("domcapabilities") && !accelerated)
      throw new InstallerError(
        "EXEC_FAILED",
        "virsh failed: error: invalid argument: KVM is not supported by '/usr/bin/qemu-system-x86_64' on this host",
      );
    return answer(`<capabilities><guest><arch name='x86_64'><domain type='${accelerated ? "kvm" : "qemu"}'/></arch></guest></capabilities>`);
  };
}

const NODEINFO = "CPU model:           x86_64\nCPU(s):              4\nCPU socket(s):       1\n";

const answer = (stdout: string): RunResult => ({ stdout, stderr: "", exitCode: 0 });
