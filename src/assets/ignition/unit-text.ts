import { InstallerError } from "../../errors/index.ts";

/** Values of one section: a list repeats the key, which systemd takes as several values. */
export type UnitSection = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A unit file's text from its sections, in the order given. @throws InstallerError IGNITION_CONFLICT for a value of several lines */
export function unitText(sections: Readonly<Record<string, UnitSection>>): string {
  return Object.entries(sections)
    .map(([name, section]) => [`[${name}]`, ...Object.entries(section).flatMap(([key, value]) => assignments(key, value)), ""].join("\n"))
    .join("\n");
}

function assignments(key: string, value: UnitSection[string]): readonly string[] {
  const values = Array.isArray(value) ? (value as readonly string[]) : [typeof value === "boolean" ? (value ? "yes" : "no") : String(value)];
  const broken = values.find((one) => one.includes("\n"));
  if (broken !== undefined) throw new InstallerError("IGNITION_CONFLICT", `the unit setting ${key} has several lines`, { value: broken });
  return values.map((one) => `${key}=${one}`);
}
