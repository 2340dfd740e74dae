import { pemBlocks } from "../../config/index.ts";
import type { AssetContext } from "../distribution-renderer.ts";
import type { FileInput, IgnitionBuilder } from "../ignition/index.ts";
import { scripts, units } from "./machine-files.ts";

/** The user's certificates in the system's trust store, which the container runtime reads too. */
export function trustBundle(context: AssetContext, builder: IgnitionBuilder): IgnitionBuilder {
  const { machineTrustBundle } = context.spec;
  if (machineTrustBundle === undefined) return builder;
  return builder
    .file(...certificateFiles(machineTrustBundle), ...scripts(context, ["trust-bundle"]))
    .unit(...units(context, ["trust-bundle.service"]));
}

/** One file a certificate, where update-ca-certificates finds them too: it takes no more from a file. */
const certificateFiles = (bundle: string): readonly FileInput[] =>
  pemBlocks(bundle).map((certificate, index) => ({
    path: `/usr/local/share/ca-certificates/virt-ipi-${index}.crt`,
    contents: `${certificate}\n`,
    mode: 0o644,
  }));
