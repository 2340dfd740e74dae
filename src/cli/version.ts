import type { CommandModule } from "./command.ts";

export const run: CommandModule["run"] = async ({ version, reporter }) => {
  const data = { version, node: process.versions.node, platform: `${process.platform}/${process.arch}` };
  reporter.emit({ type: "result", text: `virt-ipi ${version}\nnode ${data.node}\n${data.platform}`, data });
  return await Promise.resolve(undefined);
};
