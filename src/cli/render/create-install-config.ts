import { shellQuote } from "../../util/index.ts";

export interface WrittenInstallConfig {
  readonly file: string;
  /** The cluster folder that it is in. */
  readonly folder: string;
}

export const writtenInstallConfigText = ({ file, folder }: WrittenInstallConfig): string =>
  `Written: ${file}\nNext: virt-ipi create cluster --dir ${shellQuote(folder)}`;
