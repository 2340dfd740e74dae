import type { MachineApi, MachineApiOptions } from "./program/program.ts";

export { CONTROLLERS_PROGRAM, runControllers, type ControllerLine, type ControllersOptions } from "./controller/controllers-program.ts";
export { controllersReadiness, type ControllersReadiness } from "./controller/controllers-status.ts";
export { tendMachines, type TendOptions } from "./controller/tend-machines.ts";
export { createdMachines, type CreatedMachine } from "./observe/cluster-machines.ts";
export { readDefinitions } from "./program/definitions.ts";
export { listMachines, listMachineSets, type MachineSetSummary, type MachineSummary } from "./observe/list-machines.ts";
export { controllerLease, controllerRuns, livingController, type ControllerLease } from "./observe/controller-lease.ts";
export { machinesOf, machineSetsReady } from "./observe/machine-sets.ts";
export { stateOf, statesOf } from "./observe/machine-states.ts";
export { MACHINE_KINDS, readMachines, type Machine, type MachineSet } from "./observe/kinds.ts";
export { FOREIGN_CONTROLLERS, NAMESPACE, userDataSecretName } from "./names.ts";
export { answerSchema, OPERATIONS, pathOf, requestSchema, type ActuatorAnswer, type ActuatorRequest, type Operation } from "./actuator/protocol.ts";
export { startActuatorServer, type ActuatorServer, type ActuatorServerOptions, type EndedCall } from "./actuator/server.ts";

/** The program, loaded when it is first run: Pulumi's SDK takes a second to load. */
export const machineApi = async (name: string, options: MachineApiOptions): Promise<MachineApi> => {
  const program = await import("./program/program.ts");
  return new program.MachineApi(name, options);
};
