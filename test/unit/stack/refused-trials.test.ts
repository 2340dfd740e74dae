import { describe, expect, it } from "vitest";
import { refusedTrials } from "../../../src/stack/refused-trials.ts";

const urnOf = (type: string, name: string): string => `urn:pulumi:test::virt-ipi::${type}::${name}`;
const OBJECT = urnOf("kubernetes:kubevirt.io/v1:KubeVirt", "kubevirt");
const KEYS = urnOf("virt-ipi:virtualization:EmptiedKeys", "kubevirt-keys");
const NETWORK = urnOf("virt-ipi:kvm:Network", "n");
const HELD = 'KubeVirt.kubevirt.io "kubevirt" is invalid: spec.customizeComponents: Invalid value: "null": in body must be of type object: "null"';
const IMMUTABLE = "spec.selector: field is immutable";

describe("refusedTrials", () => {
  it.each<readonly [string, readonly (readonly [string | undefined, string])[], Readonly<Record<string, string>>, object]>([
    [
      "an object that is replaced",
      [
        [OBJECT, IMMUTABLE],
        [OBJECT, IMMUTABLE],
      ],
      { [OBJECT]: "create-replacement" },
      { [OBJECT]: "replace" },
    ],
    ["an object whose key is taken out before it", [[OBJECT, HELD]], { [OBJECT]: "update", [KEYS]: "update" }, { [OBJECT]: "update" }],
    ["nothing where nobody takes the key out", [[OBJECT, HELD]], { [OBJECT]: "update" }, {}],
    ["nothing where it is refused for something else", [[OBJECT, IMMUTABLE]], { [OBJECT]: "update", [KEYS]: "update" }, {}],
    [
      "nothing where something else failed too",
      [
        [OBJECT, IMMUTABLE],
        [undefined, "no"],
      ],
      { [OBJECT]: "create-replacement" },
      {},
    ],
    ["no object outside of a cluster", [[NETWORK, "no"]], { [NETWORK]: "create-replacement" }, {}],
    ["nothing where nothing failed", [], { [OBJECT]: "create-replacement" }, {}],
  ])("are %s", (_, failures, steps, expected) => {
    const found = refusedTrials(
      failures.map(([urn, message]) => ({ urn, message })),
      new Map(Object.entries(steps)),
    );
    expect(Object.fromEntries(found)).toEqual(expected);
  });
});
