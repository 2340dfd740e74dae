import { fromResource, type IgnitionConfig } from "../../src/assets/ignition/index.ts";

export interface IgnitionFile {
  /** Of a file that is only added to, what is added first. */
  readonly text: string;
  readonly mode: number;
}

/** What these files hold, by path. @param config its text */
export const ignitionTexts = (config: string): ReadonlyMap<string, string> =>
  new Map([...ignitionFiles(config)].map(([path, { text }]) => [path, text]));

/** The files that an Ignition config puts on a machine, by path. @param config its text */
export function ignitionFiles(config: string): ReadonlyMap<string, IgnitionFile> {
  const { storage } = JSON.parse(config) as IgnitionConfig;
  return new Map(
    (storage?.files ?? []).map(({ path, contents, append = [], mode = 0o644 }) => [
      path,
      { text: fromResource(contents ?? append[0] ?? { source: "data:," }).toString(), mode },
    ]),
  );
}
