export { IgnitionBuilder, type FileInput } from "./builder.ts";
export { fromResource, toResource } from "./data-url.ts";
export { checkIgnition, parseIgnition } from "./parse.ts";
export { ignitionText, sizeReport, type SizeReport } from "./text.ts";
export type * from "./types.ts";
export { unitText, type UnitSection } from "./unit-text.ts";
