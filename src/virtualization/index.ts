export { runSmokeTest, type SmokeStep } from "./smoke/index.ts";
export { verify, type Verification } from "./verify/index.ts";
export { targetOf } from "./program/target.ts";
export type { Cause } from "./observe/index.ts";
export { isAccelerated, isBad, type Row } from "./verify/row.ts";

import type { Virtualization as VirtualizationProgram } from "./program/program.ts";

/** The program, loaded when it is first run: Pulumi's SDK takes a second to load. */
export const virtualization = async (...args: ConstructorParameters<typeof VirtualizationProgram>): Promise<VirtualizationProgram> => {
  const { Virtualization } = await import("./program/program.ts");
  return new Virtualization(...args);
};
