import { object } from "../../fields/field.ts";

export const noneSchema = object({}, "Your own machines: only manifests and Ignition configs are created.");
