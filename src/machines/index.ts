export { answerSchema, OPERATIONS, pathOf, requestSchema, type ActuatorAnswer, type ActuatorRequest, type Operation } from "./actuator/protocol.ts";
export { startActuatorServer, type ActuatorServer, type ActuatorServerOptions, type EndedCall } from "./actuator/server.ts";
