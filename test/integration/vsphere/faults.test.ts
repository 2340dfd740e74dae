import { describe } from "vitest";
import { breakTheMaking, eachWithItsVCenter, LONG } from "../../helpers/vsphere-faults.ts";

/** A run that fails; the other faults are nightly. */
eachWithItsVCenter();

describe("in the middle of making machines", LONG, () => {
  breakTheMaking([["a connection that breaks during a clone", { path: "/sdk", method: "CloneVM_Task", reset: true, skip: 1, times: 1 }]]);
});
