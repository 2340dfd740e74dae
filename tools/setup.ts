#!/usr/bin/env node
import { runSetup } from "../setup/command.ts";
import { ALL_PARTS, TESTS } from "./parts/index.ts";

await runSetup({
  name: "npm run setup:tests",
  what: "Finds, downloads or builds what virt-ipi and its tests run on, and prints a table of it.",
  parts: ALL_PARTS,
  wanted: () => TESTS,
});
