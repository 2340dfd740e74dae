import { platformFor, type Actuator, type ActuatorInput } from "../../src/providers/index.ts";
import { systemClock } from "../../src/util/index.ts";

/** The actuator of KVM, as the machine controller has it. */
export async function kvmActuator(input: Omit<ActuatorInput, "env" | "clock">): Promise<Actuator> {
  const actuator = await platformFor("kvm").actuator?.({ ...input, env: {}, clock: systemClock });
  if (actuator === undefined) throw new Error("KVM has no actuator");
  return actuator;
}
