import { isMap, isScalar, parseDocument } from "yaml";

/** Sections of what is deployed into the finished cluster, and limits of waits; in small letters. */
const LATER: ReadonlySet<string> = new Set(["virtualization", "machinemanagement", "timeouts"]);

/**
 * The part of the install-config that machines and their assets are made from. The rest may change over the cluster's life, and must
 * change no machine.
 */
export function machinePart(installConfig: string): string {
  const document = parseDocument(installConfig);
  // Only a file that was read before comes here; a broken one is reported there.
  const root = document.contents;
  if (document.errors.length > 0 || !isMap(root)) return installConfig;
  const kept = root.items.filter(({ key }) => !isLater(key));
  if (kept.length === root.items.length) return installConfig;
  root.items = kept;
  return document.toString({ lineWidth: 0 });
}

/** The capitals of a key do not matter. */
const isLater = (key: unknown): boolean => isScalar(key) && typeof key.value === "string" && LATER.has(key.value.toLowerCase());
