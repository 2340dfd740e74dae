import { expect, it } from "vitest";
import { loadClusterSpec } from "../../../../src/config/index.ts";
import { requireMachinesOfOurs, vsphereSpecOf } from "../../../../src/providers/vsphere/vsphere-spec.ts";
import { vsphereFlat, yamlOf } from "../../config/verdicts/support.ts";

it("makes machines from a file in the old form, unless it names no network", () => {
  const specOf = (network: string | undefined) => vsphereSpecOf(loadClusterSpec(yamlOf(vsphereFlat, { "platform.vsphere.network": network })));
  expect(() => {
    requireMachinesOfOurs(specOf("VM Network"));
  }).not.toThrow();
  expect(() => {
    requireMachinesOfOurs(specOf(undefined));
  }).toThrow(expect.objectContaining({ id: "PLATFORM_UNSUPPORTED", value: "platform.vsphere.network", exitCode: 3 }));
});
