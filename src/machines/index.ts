export { answerSchema, OPERATIONS, pathOf, requestSchema, type ActuatorAnswer, type ActuatorRequest, type Operation } from "./actuator/protocol.ts";
