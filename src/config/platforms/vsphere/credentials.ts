import type { InstallConfig } from "../../install-config.ts";
import type { ResolveCredential } from "../platform-config.ts";
import type { VsphereConfig } from "./spec.ts";

/** Users and passwords of the vCenters may be references. */
export function resolveVcenters(config: InstallConfig, resolve: ResolveCredential): InstallConfig {
  const vsphere = config.platform?.vsphere;
  if (vsphere?.vcenters === undefined) return config;
  const vcenters: VsphereConfig["vcenters"] = vsphere.vcenters.map((vcenter, index) => {
    const path = `platform.vsphere.vcenters[${index}]`;
    return { ...vcenter, user: resolve(vcenter.user, `${path}.user`), password: resolve(vcenter.password, `${path}.password`) };
  });
  return { ...config, platform: { ...config.platform, vsphere: { ...vsphere, vcenters } } };
}
