import { expect, it } from "vitest";
import { errorOf, failingInstallation, NAMED_WITHIN_MS } from "../helpers/failing-installation.ts";

// Two more are in test/nightly: each boots a machine.
it("names a wrong Ignition config", async () => {
  const { run, sign, endedAt } = await failingInstallation(/unsupported config version|config is not valid/i, (config) => {
    config.ignition.version = "3.99.0";
  });
  expect(run.code, run.output).toBe(5);
  expect(errorOf(run)).toBe("GUEST_IGNITION_INVALID");
  expect(endedAt - sign).toBeLessThan(NAMED_WITHIN_MS);
});
