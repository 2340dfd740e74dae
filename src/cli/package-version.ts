import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** virt-ipi's version, of package.json. */
export function packageVersion(): string {
  const text = readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
