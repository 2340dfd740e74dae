import { describe, expect, it } from "vitest";
import { fileOf, machinesWith } from "./machines.ts";

describe("access to images", () => {
  it("needs nothing where nothing is given", async () => {
    for (const [, config] of await machinesWith({})) expect(fileOf(config, "/var/lib/kubelet/config.json")).toBeUndefined();
  });

  it("gives the pull secret to the kubelet of every node, for root alone", async () => {
    const machines = await machinesWith({ pullSecret: '{"auths":{}}' });
    for (const role of ["master", "worker"])
      expect(fileOf(machines.get(role), "/var/lib/kubelet/config.json")).toEqual({ mode: 0o600, text: '{"auths":{}}' });
    expect(fileOf(machines.get("bootstrap"), "/var/lib/kubelet/config.json")).toBeUndefined();
  });
});
