import type { Distribution } from "../cluster-spec.ts";
import type { KvmConfig } from "../install-config.ts";
import type { PoolSize } from "./platform-config.ts";

/** As the user writes it: each part may be left to a default. */
export type SizeInput = NonNullable<KvmConfig["defaultMachinePlatform"]>;

/** The first of the inputs that says something decides; then the distribution. */
export function machineSize(distribution: Distribution, ...inputs: readonly (SizeInput | undefined)[]): PoolSize {
  const base = distribution === "kubernetes" ? { cpus: 2, memoryMB: 4096, diskSizeGB: 20 } : { cpus: 4, memoryMB: 16384, diskSizeGB: 120 };
  const first = <T>(pick: (input: SizeInput) => T | undefined): T | undefined =>
    inputs.map((input) => (input === undefined ? undefined : pick(input))).find((value) => value !== undefined);
  return {
    cpus: first((input) => input.cpus) ?? base.cpus,
    memoryMB: first((input) => input.memoryMB) ?? base.memoryMB,
    diskSizeGB: first((input) => input.osDisk?.diskSizeGB) ?? base.diskSizeGB,
  };
}
