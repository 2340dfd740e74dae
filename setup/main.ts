#!/usr/bin/env node
import { runSetup } from "./command.ts";
import { PARTS, partsFor, PLATFORMS } from "./parts/index.ts";

await runSetup({
  name: "npm run setup",
  what: "Finds, downloads or builds what virt-ipi runs on, and prints a table of it.",
  parts: PARTS,
  platforms: PLATFORMS,
  wanted: (platforms) => partsFor(platforms.length === 0 ? ["kvm"] : platforms),
});
