import type { ClusterSpec } from "../../config/index.ts";
import type { VCenterSpec } from "../../config/platforms/vsphere/index.ts";
import { InstallerError } from "../../errors/index.ts";
import type { ResourceContext } from "../../pulumi/index.ts";
import type { PlatformAccess } from "../platform.ts";
import { addressOf } from "./address.ts";
import { Govc } from "./govc.ts";

/** A vCenter of the install-config. */
export const connectTo = (
  vcenter: VCenterSpec,
  { additionalTrustBundle }: Pick<ClusterSpec, "additionalTrustBundle">,
  { run, signal }: PlatformAccess,
): Govc => new Govc({ server: addressOf(vcenter), user: vcenter.user, password: vcenter.password, trustBundle: additionalTrustBundle }, run, signal);

/** The vCenter that this instance of the provider works on. @throws InstallerError INTERNAL if it has none */
export function connect(context: Pick<ResourceContext, "config" | "run" | "signal">): Govc {
  const { server, user, password } = context.config;
  if (typeof server !== "string" || typeof user !== "string" || typeof password !== "string")
    throw new InstallerError("INTERNAL", "the provider was given no vCenter");
  return new Govc({ server, user, password }, context.run, context.signal);
}
