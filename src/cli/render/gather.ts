import type { Gathered } from "../../installer/index.ts";
import { quotedLines } from "../../util/index.ts";

export const gatheredText = ({ bundle, errors }: Gathered): string =>
  [`Written: ${bundle}`, ...errors.map((error) => `  not available: ${quotedLines(error)}`)].join("\n");
