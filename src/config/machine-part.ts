import { parseDocument } from "yaml";

/** Sections of what is deployed into the finished cluster, and limits of waits. */
const LATER = ["virtualization", "machineManagement", "timeouts"] as const;

/**
 * The part of the install-config that machines and their assets are made from. The rest may change over the cluster's life, and must
 * change no machine.
 */
export function machinePart(installConfig: string): string {
  const document = parseDocument(installConfig);
  // Only a file that was read before comes here; a broken one is told of there.
  if (document.errors.length > 0 || !LATER.some((key) => document.has(key))) return installConfig;
  for (const key of LATER) document.delete(key);
  return document.toString({ lineWidth: 0 });
}
