import { aptInstall } from "../../setup/apt.ts";
import type { Part } from "../../setup/part.ts";
import { findProgram } from "../../setup/programs.ts";

/** By the names that distributions and vendors give it; the first is the smallest. */
export const BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"] as const;

/** Opens the pages that are written for people. Only nightly tests do: it is large. */
export const browser: Part = {
  kind: "host",
  id: "browser",
  version: "any Chromium",
  needs: [],
  locate: async ({ env }) => {
    for (const name of BROWSERS) {
      const path = await findProgram(name, env);
      if (path !== undefined) return { version: name, path, programs: {} };
    }
    return undefined;
  },
  install: async (context) => await aptInstall(context, [BROWSERS[0], "fonts-dejavu-core"]),
};
