export { listParts, setUp } from "./driver.ts";
export type { Row } from "./part.ts";
export { PARTS, partsFor, PLATFORMS } from "./parts/index.ts";
export { cacheFolder, ROOT } from "./paths.ts";
export { formatTable } from "./table.ts";
