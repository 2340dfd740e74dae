import type { PulumiProject } from "../../installer/index.ts";
import { oneLine, shellQuote } from "../../util/index.ts";

export const projectText = ({ folder, file }: PulumiProject): string =>
  [`Written: ${oneLine(file)}`, `Next: cd ${shellQuote(folder)}, then eval "$(virt-ipi env)" and pulumi up`].join("\n");
