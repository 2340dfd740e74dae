import { debianPrograms } from "./debian-programs.ts";

/** By the names that distributions and vendors give it; the first is the smallest. */
export const BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"] as const;

/** Opens the pages that are written for people. Only nightly tests do: it is large. */
export const browser = debianPrograms({
  id: "browser",
  version: "any Chromium",
  programs: [BROWSERS],
  packages: [BROWSERS[0], "fonts-dejavu-core"],
});
