import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseInstallConfig, type ClusterSpec } from "../../src/config/index.ts";

const FOLDER = join(import.meta.dirname, "../fixtures/install-configs");

/** The cluster that a reported install-config describes. @param name as in `26-bridge-missing.yaml` @throws if it is not valid */
export function reportedSpec(name: string): ClusterSpec {
  const { spec, errors } = parseInstallConfig(readFileSync(join(FOLDER, name)), name);
  if (spec === undefined) throw new Error(`${name}: ${errors.map(({ message }) => message).join("; ")}`);
  return spec;
}
