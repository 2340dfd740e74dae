import type { CommandModule } from "./command.ts";
import { versionsText } from "./render/version.ts";

export const run: CommandModule["run"] = async ({ version, result }) => {
  result({ version, node: process.versions.node, platform: `${process.platform}/${process.arch}` }, versionsText);
  return await Promise.resolve(undefined);
};
