import { object } from "../../fields/field.ts";

export const noneSchema = object({}, "Machines of your own: only manifests and Ignition configs are created.");
