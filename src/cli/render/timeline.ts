import type { WrittenTimeline } from "../../installer/index.ts";
import { oneLine, quotedLines } from "../../util/index.ts";

export const timelineText = ({ page, missing }: WrittenTimeline): string =>
  [`Written: ${oneLine(page)}`, ...missing.map((each) => `  not available: ${quotedLines(each)}`)].join("\n");
