import { explain, type FieldExplanation } from "../config/index.ts";
import type { CommandModule } from "./command.ts";
import { usage } from "./invocation.ts";
import { nearest } from "./suggest.ts";

export const run: CommandModule["run"] = async ({ args, reporter }) => {
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
  reporter.emit({ type: "result", text: explanationText(field), data: { ...field } });
  return await Promise.resolve(undefined);
};

function explanationText(field: FieldExplanation): string {
  const facts = [
    ["field", field.path === "" ? "(the whole file)" : field.path],
    ["type", field.type],
    ["required", field.required ? "yes" : "no"],
    ...(field.default === undefined ? [] : [["default", field.default]]),
    ...(field.rules === undefined ? [] : [["rules", field.rules]]),
    ...(field.deprecated === undefined ? [] : [["deprecated", field.deprecated]]),
    ...(field.secret ? [["secret", "yes: never shown"]] : []),
  ];
  const width = Math.max(0, ...field.children.map(({ key }) => key.length));
  const children = field.children.map(
    ({ key, type, required, description, deprecated }) =>
      `  ${key.padEnd(width)}  ${type}${required ? ", required" : ""}${deprecated === undefined ? "" : ", deprecated"}: ${description}`,
  );
  return [
    ...facts.map(([name = "", value = ""]) => `${name}:`.padEnd(12) + value),
    "",
    field.description,
    ...(children.length === 0 ? [] : ["", "fields:", ...children]),
  ].join("\n");
}
