import type { InstallConfig } from "./install-config.ts";

/** Proxyonly: only where there is a proxy, whose certificates it is for. */
export const isTrustedByMachines = ({ additionalTrustBundlePolicy, proxy }: InstallConfig): boolean =>
  additionalTrustBundlePolicy === "Always" || [proxy?.httpProxy, proxy?.httpsProxy].some((url) => (url ?? "") !== "");
