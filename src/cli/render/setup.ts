import { formatTable, type Row } from "../../../setup/index.ts";

/** A line for each part: version, where it came from, how long it took, size, path. */
export const partsText = ({ parts }: { readonly parts: readonly Row[] }): string => formatTable(parts);
