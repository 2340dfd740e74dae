import { join } from "node:path";
import type { ProjectSettings } from "@pulumi/pulumi/automation/index.js";
import { platformPlugins } from "../providers/index.ts";
import { PLUGIN_NAME } from "../pulumi/index.ts";
import { PACKAGE_ROOT, programFile } from "../util/index.ts";
import { PROJECT } from "./environment.ts";

/** The folder of all `pulumi-resource-<name>`. */
export const PLUGIN_FOLDER = join(PACKAGE_ROOT, "bin", "plugin");

/** The plugins of the program, with the folders of their executables. */
export const plugins = (own = PLUGIN_FOLDER): readonly { readonly name: string; readonly path: string }[] => [
  { name: PLUGIN_NAME, path: own },
  { name: "kubernetes", path: PLUGIN_FOLDER },
  ...platformPlugins().map(({ name, folder }) => ({ name, path: folder ?? PLUGIN_FOLDER })),
];

/**
 * Pulumi.yaml with absolute paths: the same project and plugins as the one of a checkout.
 * @param own folder of the executable of our own provider; default ours
 */
export function projectSettings(own?: string): ProjectSettings {
  const settings = {
    name: PROJECT,
    runtime: { name: "nodejs", options: { typescript: false } },
    main: programFile("program", "src/stack/main.ts"),
    plugins: { providers: plugins(own) },
  };
  // The SDK's type lacks `plugins`; the object is written to Pulumi.yaml as it is.
  return settings as unknown as ProjectSettings;
}
