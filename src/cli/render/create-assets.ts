import type { WrittenAssets } from "../../installer/index.ts";
import { oneLine } from "../../util/index.ts";

export const writtenAssetsText = ({ folder, files }: WrittenAssets): string =>
  [`Written to ${oneLine(folder)}:`, ...files.map((file) => `  ${oneLine(file)}`)].join("\n");
