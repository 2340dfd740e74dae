import { hostNameCommandOf } from "../../config/index.ts";
import type { AssetContext } from "../distribution-renderer.ts";
import type { IgnitionBuilder } from "../ignition/index.ts";
import { scripts, units } from "./machine-files.ts";

/** Machines that the cluster creates from one text for all of them learn their names elsewhere, before they become nodes. */
export function hostName(context: AssetContext, builder: IgnitionBuilder): IgnitionBuilder {
  const command = hostNameCommandOf(context.spec);
  if (command === undefined) return builder;
  return builder
    .file({ path: "/etc/virt-ipi/host-name-command", contents: `${command}\n`, mode: 0o644 }, ...scripts(context, ["host-name"]))
    .unit(...units(context, ["host-name.service"]));
}
