import type { Distribution, MachineSize } from "../cluster-spec.ts";

/** As the user writes it: each part may be left to a default. */
export interface SizeInput {
  readonly cpus?: number | undefined;
  readonly memoryMB?: number | undefined;
  readonly osDisk?: { readonly diskSizeGB?: number | undefined } | undefined;
}

/** The first of the inputs that says something decides; then the distribution. */
export function machineSize(distribution: Distribution, ...inputs: readonly (SizeInput | undefined)[]): MachineSize {
  const base = distribution === "kubernetes" ? { cpus: 2, memoryMB: 4096, diskSizeGB: 20 } : { cpus: 4, memoryMB: 16384, diskSizeGB: 120 };
  const first = <T>(pick: (input: SizeInput) => T | undefined): T | undefined =>
    inputs.map((input) => (input === undefined ? undefined : pick(input))).find((value) => value !== undefined);
  return {
    cpus: first((input) => input.cpus) ?? base.cpus,
    memoryMB: first((input) => input.memoryMB) ?? base.memoryMB,
    diskSizeGB: first((input) => input.osDisk?.diskSizeGB) ?? base.diskSizeGB,
  };
}
