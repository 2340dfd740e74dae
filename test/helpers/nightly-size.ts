import { access, constants, readFile } from "node:fs/promises";

export interface NightlySize {
  readonly controlPlane: number;
  readonly compute: number;
}

/** How many machines a nightly cluster has: `VIRT_IPI_NIGHTLY_SIZE`, such as `3+2`; else what the host can bear. @throws Error for another form */
export async function nightlySize(env: NodeJS.ProcessEnv): Promise<NightlySize> {
  const wanted = env["VIRT_IPI_NIGHTLY_SIZE"] ?? ((await isAccelerated()) ? "3+2" : "1+1");
  const [, controlPlane = "", compute = ""] = /^([135])\+([1-9])$/.exec(wanted) ?? [];
  if (controlPlane === "") throw new Error(`VIRT_IPI_NIGHTLY_SIZE is ${wanted}: write it as 3+2, control-plane and compute machines`);
  return { controlPlane: Number(controlPlane), compute: Number(compute) };
}

const isAccelerated = async (): Promise<boolean> =>
  /^flags\s*:.*\b(vmx|svm)\b/m.test(await readFile("/proc/cpuinfo", "utf8")) &&
  (await access("/dev/kvm", constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  ));
