import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { foreignSettings } from "../../../src/stack/stack-settings.ts";

/** What Pulumi 3.230.0 wrote for this passphrase. */
const PASSPHRASE = "P9FUdbY8TlA-B6RioPxNTE8RUYXLNB-m";
const SETTINGS = "encryptionsalt: v1:yNXYCjANwMc=:v1:ZlEowq490sin/Jzn:8f1eqTgUvGJLfOORqx2gjAp31FB4FQ==\n";

describe("foreignSettings", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "virt-ipi-settings-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });
  const settings = async (text: string): Promise<string> => {
    const path = join(folder, "Pulumi.demo.yaml");
    await writeFile(path, text);
    return path;
  };

  it("finds nothing where no settings are", async () => {
    expect(await foreignSettings("demo", PASSPHRASE, [folder])).toBeUndefined();
  });

  it("accepts settings that this passphrase opens", async () => {
    await settings(SETTINGS);
    expect(await foreignSettings("demo", PASSPHRASE, [folder])).toBeUndefined();
  });

  it("names settings of another passphrase", async () => {
    const path = await settings(SETTINGS);
    expect(await foreignSettings("demo", `${PASSPHRASE}x`, [folder])).toBe(path);
  });

  it("leaves settings without a salt alone", async () => {
    await settings("config: {}\n");
    expect(await foreignSettings("demo", PASSPHRASE, [folder])).toBeUndefined();
  });

  it("names settings whose salt is broken", async () => {
    const path = await settings("encryptionsalt: v1:nonsense\n");
    expect(await foreignSettings("demo", PASSPHRASE, [folder])).toBe(path);
  });
});
