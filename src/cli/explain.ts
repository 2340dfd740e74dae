import { explain } from "../config/index.ts";
import type { CommandModule } from "./command.ts";
import { usage } from "./invocation.ts";
import { explanationText } from "./render/explain.ts";
import { nearest } from "./suggest.ts";

export const run: CommandModule["run"] = async ({ args, result }) => {
  const [path = ""] = args;
  const field = explain(path);
  if (field === undefined) {
    const parent = path.split(".").slice(0, -1).join(".");
    const keys = explain(parent)?.children.map(({ key }) => key) ?? [];
    const near = nearest(path.split(".").at(-1) ?? "", keys);
    throw usage(
      `the install-config has no field ${path}`,
      path,
      near === undefined
        ? `\`virt-ipi explain ${parent}\` lists the fields there.`
        : `Did you mean ${[parent, near].filter((part) => part !== "").join(".")}?`,
    );
  }
  result(field, explanationText);
  return await Promise.resolve(undefined);
};
