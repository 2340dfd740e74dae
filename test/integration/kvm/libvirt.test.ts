import { describe, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { document, Libvirt } from "../../../src/providers/kvm/libvirt.ts";

/** libvirt's own test driver, in virsh itself: one running domain `test`. */
const libvirt = new Libvirt("test:///default", { run, env: {} });
const network = (name: string): ReturnType<typeof document> => document(`<network><name>${name}</name></network>`);

describe("several commands by one virsh", () => {
  it("give the output of all, in order", async () => {
    const printed = await libvirt.virshAll([
      ["net-define", "--file", network("one")],
      ["net-define", "--file", network("two")],
      ["net-list", "--all", "--name"],
      ["domstate", "test"],
    ]);
    expect(
      printed
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean),
    ).toEqual(["default", "one", "two", "running"]);
  });

  it("fail if one fails, also when it is not the last", async () => {
    await expect(
      libvirt.virshAll([
        ["domstate", "none"],
        ["domstate", "test"],
      ]),
    ).rejects.toMatchObject({
      id: "LIBVIRT_FAILED",
      message: "failed to get domain 'none'",
    });
    await expect(
      libvirt.virshAll([
        ["domstate", "test"],
        ["domstate", "none"],
      ]),
    ).rejects.toMatchObject({ id: "LIBVIRT_FAILED" });
  });

  it.each(["it's", "a; domstate test", 'say "so"', "back\\slash", "#hash", " blank "])("take %j as it is", async (name) => {
    await expect(
      libvirt.virshAll([
        ["domstate", "test"],
        ["domstate", name],
      ]),
    ).rejects.toThrow(`failed to get domain '${name}'`);
  });
});
