import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseInstallConfig } from "../../src/config/index.ts";
import { isInstallerError } from "../../src/errors/index.ts";
import { BASES, PATHS, value, VSPHERE_BASES, VSPHERE_PATHS } from "../helpers/odd-install-configs.ts";
import { Preparer } from "../helpers/prepared.ts";
import { kvm, type Tree, vsphereStatic, yamlOf } from "../unit/config/verdicts/support.ts";

let preparer: Preparer;
beforeAll(async () => {
  preparer = await Preparer.make();
});
afterAll(async () => {
  await preparer.remove();
});

type Change = readonly [path: string, value: unknown];

/** URLs put together from their parts, good and bad. */
const url = fc
  .tuple(
    fc.constantFrom("http://", "https://", "HTTP://", "http:/", "http:", ""),
    fc.constantFrom("", "user@", "user:pw@", "us%40er:p%25w@", "corp\\user:pw@", "user:p%w@", "user:p%ffw@", "user:p w@", "user:p@w@", ":@"),
    fc.constantFrom(
      "proxy.example.com",
      "10.20.30.40",
      "[fd01::1]",
      "[fe80::1%25en0]",
      "[fd01::1",
      "é.example.com",
      "a_b",
      "a%41",
      "a^b",
      "0x7f.1",
      "",
    ),
    fc.constantFrom("", ":3128", ":", ":0", ":65535", ":65536", ":x", ":00080"),
    fc.constantFrom("", "/", "/a%20b", "/a%", "/a b", "/?q=%", "?", "#f", "/a#%", "/%ff", "/a?sha256=zz", "/a?token=secret-token"),
  )
  .map((parts) => parts.join(""));
const URL_PATHS = [
  "proxy.httpProxy",
  "proxy.httpsProxy",
  "platform.kvm.clusterOSImage",
  "platform.vsphere.clusterOSImage",
  "virtualization.manifests.mirror",
];

/** As many of the changes as leave the file valid, each on top of those before it. */
function validWith(base: () => Tree, changes: readonly Change[]): { readonly text: string; readonly taken: number } {
  let taken: readonly Change[] = [];
  for (const change of changes) {
    const next = [...taken, change];
    try {
      if (parseInstallConfig(yamlOf(base, Object.fromEntries(next))).spec !== undefined) taken = next;
    } catch (error) {
      // A change inside what an earlier one made a text.
      expect(error).toBeInstanceOf(TypeError);
    }
  }
  return { text: yamlOf(base, Object.fromEntries(taken)), taken: taken.length };
}

/** `create manifests` and `create ignition-configs`: done, or an error that a user can act on. */
async function checkCommands(text: string): Promise<"prepared" | "refused" | "invalid"> {
  if (parseInstallConfig(text).spec === undefined) return "invalid";
  try {
    await preparer.prepare(text, () => undefined);
    return "prepared";
  } catch (error) {
    // What is not ours is told as INTERNAL.
    if (!isInstallerError(error)) throw error;
    expect(error.id).not.toBe("INTERNAL");
    return "refused";
  }
}

describe("what validate calls valid ends in INTERNAL in no command", { timeout: 900_000 }, () => {
  it.each([
    ["any platform", BASES, PATHS],
    ["vsphere", [vsphereStatic, ...VSPHERE_BASES], VSPHERE_PATHS],
  ] as const)("with many values of any kind on %s", async (_, bases, paths) => {
    const ends = { prepared: 0, refused: 0, invalid: 0 };
    let changed = 0;
    const change = fc.tuple(fc.constantFrom(...paths), fc.option(value, { nil: undefined }));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...bases), fc.array(change, { minLength: 5, maxLength: 25 }), async (base, changes) => {
        const { text, taken } = validWith(base, [["distribution", "kubernetes"], ["pullSecret", undefined], ...changes]);
        changed += taken;
        ends[await checkCommands(text)]++;
      }),
      { numRuns: 30 },
    );
    // A third of what thirty draws give on average: that the draws say something at all.
    expect(changed).toBeGreaterThan(20);
    expect(ends.prepared).toBeGreaterThan(5);
  });

  it("with URLs of any kind", async () => {
    const ends = { prepared: 0, refused: 0, invalid: 0 };
    let changed = 0;
    const change = fc.tuple(fc.constantFrom(...URL_PATHS), url);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(kvm, vsphereStatic), fc.array(change, { minLength: 10, maxLength: 25 }), async (base, changes) => {
        const { text, taken } = validWith(base, changes);
        changed += taken;
        ends[await checkCommands(text)]++;
      }),
      { numRuns: 30 },
    );
    expect(changed).toBeGreaterThan(10);
    expect(ends.prepared).toBeGreaterThan(10);
  });

  it("with noProxy and mirrors of any kind", async () => {
    const ends = { prepared: 0, refused: 0, invalid: 0 };
    const element = fc.oneof(
      fc.constantFrom("a_b", ".", "*", "10.0.0.0/8", "fd00::/8", "::1", "a..b", "é", "%", " ", "-a"),
      fc.domain(),
      fc.ipV4(),
      fc.ipV6(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(element, { maxLength: 4 }), element, async (elements, source) => {
        const changes: readonly Change[] = [
          ["proxy", { httpProxy: "http://proxy.example.com", noProxy: elements.join(",") }],
          ["imageDigestSources", [{ source, mirrors: elements }]],
        ];
        for (const each of changes) ends[await checkCommands(yamlOf(kvm, Object.fromEntries([each])))]++;
      }),
      { numRuns: 30 },
    );
    expect(ends.prepared).toBeGreaterThan(3);
  });
});
