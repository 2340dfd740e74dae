import { InstallerError } from "../../errors/index.ts";
import type { ResourceContext } from "../resource/resource.ts";
import { Govc } from "./govc.ts";

/** The vCenter that this instance of the provider works on. @throws InstallerError INTERNAL if it has none */
export function connect(context: Pick<ResourceContext, "config" | "run" | "signal">): Govc {
  const { vcenter } = context.config;
  if (vcenter === undefined) throw new InstallerError("INTERNAL", "the provider was given no vCenter");
  return new Govc(vcenter, context.run, context.signal);
}
