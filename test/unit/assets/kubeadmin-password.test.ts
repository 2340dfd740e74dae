import { compare, getRounds } from "bcryptjs";
import { describe, expect, it } from "vitest";
import { makeKubeadminPassword } from "../../../src/assets/kubeadmin-password.ts";
import { systemEntropy } from "../../../src/util/index.ts";
import { countingEntropy } from "./spec.ts";

describe("makeKubeadminPassword", () => {
  it("has OpenShift's form", async () => {
    for (let run = 0; run < 5; run++) {
      const { password } = await makeKubeadminPassword(systemEntropy);
      expect(password).toMatch(/^[a-km-zA-NP-Z2-9]{5}-[a-km-zA-NP-Z2-9]{5}-[a-km-zA-NP-Z2-9]{5}-[a-km-zA-NP-Z2-9]{5}$/);
    }
  });

  it("hashes it with bcrypt's usual cost", async () => {
    const { password, hash } = await makeKubeadminPassword(systemEntropy);
    expect(await compare(password, hash)).toBe(true);
    expect(await compare(`${password}x`, hash)).toBe(false);
    expect(getRounds(hash)).toBe(10);
  });

  it("follows from the entropy alone", async () => {
    expect(await makeKubeadminPassword(countingEntropy())).toEqual(await makeKubeadminPassword(countingEntropy()));
  });

  it("draws again what would make some characters likelier", async () => {
    let calls = 0;
    const { password } = await makeKubeadminPassword((size) => new Uint8Array(size).fill(calls++ === 0 ? 255 : 1));
    expect(password).toBe("bbbbb-bbbbb-bbbbb-bbbbb");
  });
});
