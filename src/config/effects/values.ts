import type { InstallConfig } from "../install-config.ts";
import { isRecord } from "../../util/index.ts";
import { childPath } from "../positions.ts";

export interface PlacedValue {
  /** With indices: `compute[0].fencing`. */
  readonly path: string;
  readonly value: unknown;
}

/** What stands at a path of the schema (`compute[].fencing`), once for each item of the lists on the way. */
export function valuesAt(config: InstallConfig, path: string): readonly PlacedValue[] {
  let found: readonly PlacedValue[] = [{ path: "", value: config }];
  for (const part of path.split(".")) {
    const key = part.replace(/\[\]$/, "");
    found = found.flatMap(({ path: at, value }) =>
      isRecord(value) && value[key] !== undefined ? [{ path: childPath(at, key), value: value[key] }] : [],
    );
    if (part.endsWith("[]"))
      found = found.flatMap(({ path: at, value }) =>
        Array.isArray(value) ? value.map((item: unknown, index) => ({ path: childPath(at, index), value: item })) : [],
      );
  }
  return found;
}

/** An empty list says nothing. */
export const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
