/**
 * The path that OpenShift's installer prints: in these two lists it has no number, as in `platform.vsphere.failureDomains.zone`.
 * Line and column show which entry is meant.
 */
export const openshiftPath = (path: string): string =>
  /^platform\.vsphere\.(?:failureDomains|hosts)\b/.test(path) ? path.replaceAll(/\[\d+\]/g, "") : path;
