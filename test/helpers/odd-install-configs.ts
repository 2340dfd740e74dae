import fc from "fast-check";
import { explain, type FieldExplanation } from "../../src/config/index.ts";
import {
  baremetal,
  dualStack,
  external,
  kvm,
  kvmBridge,
  none,
  type Tree,
  vsphere,
  vsphereFlat,
  vsphereStatic,
  vsphereZones,
} from "../unit/config/verdicts/support.ts";

export const BASES: readonly (() => Tree)[] = [none, external, vsphere, baremetal, kvm, kvmBridge, () => dualStack(none), () => dualStack(vsphere)];
/** vSphere has more keys than all other platforms together, so it gets a test of its own. */
export const VSPHERE_BASES: readonly (() => Tree)[] = [vsphere, vsphereZones, vsphereStatic, vsphereFlat];

/** Every path of the file, with 0 for each list index. */
export const PATHS = paths("");
export const VSPHERE_PATHS = PATHS.filter((path) => path.includes("vsphere"));

function paths(path: string): string[] {
  const field: FieldExplanation | undefined = explain(path);
  if (field === undefined) throw new Error(`nothing is known of ${path}`);
  const isList = field.type.startsWith("list of");
  const own = path === "" ? [] : isList ? [path, `${path}[0]`, `${path}[1]`] : [path];
  return [...own, ...field.children.flatMap(({ key }) => paths(path === "" ? key : `${path}${isList ? "[0]" : ""}.${key}`))];
}

/** Values that have been trouble somewhere, beside those of any kind. */
export const value = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>(
      "",
      "a",
      "A.b",
      "-",
      "10.0.0.5",
      "10.0.0.0/16",
      "fd00::/48",
      "fd00::5",
      "0.0.0.0/0",
      "::/0",
      "255.255.255.255/32",
      "1.2.3.4/33",
      "http://[",
      "http://u:p@h:99999999",
      "qemu://",
      "{",
      "null",
      "yes",
      "5m",
      "9".repeat(400),
      "\u0000",
      "\uD800",
      "é",
      "%",
      "=",
      "a=b=c",
      "/dc/host/c",
      "/dc/datastore/d",
      "/dc/vm/",
      "/host/",
      "//dc//host//c//Resources//p",
      "dc",
      "fd",
      "env:HOME",
      "env:",
      "file:/dev/null",
      "HostGroup",
      "ComputeCluster",
      "../..",
      "ssh-rsa AAAA",
      "-----BEGIN X-----",
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, 0, -1, 1, 2, 3, 64, 129, 1.5, 1e308, -1e308, 2 ** 53, {}, [], [null], [[]], [{}]) },
  { weight: 2, arbitrary: fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain(), fc.webUrl(), fc.emailAddress()) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
);
