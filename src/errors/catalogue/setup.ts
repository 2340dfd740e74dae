import { type CatalogueEntry, entry } from "./entry.ts";

/** The set-up. */
export const SETUP_ERRORS = {
  SETUP_PART_UNKNOWN: entry("usage", "The set-up has no part of that name.", "`virt-ipi setup --list` shows the parts."),
  SETUP_PACKAGES_MISSING: entry(
    "infrastructure",
    "Packages that virt-ipi needs are not installed.",
    "Install them, then run `virt-ipi setup` again.",
  ),
  SETUP_BUILD_FAILED: entry(
    "infrastructure",
    "A part that has no official download here could not be built.",
    "Read the message above; `virt-ipi setup --only PART` tries that part alone.",
  ),
} as const satisfies Record<string, CatalogueEntry>;
