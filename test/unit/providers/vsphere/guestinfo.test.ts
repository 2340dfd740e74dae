import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { extraConfigOf, networkKargs } from "../../../../src/providers/vsphere/guestinfo.ts";

const host = { role: "control-plane" as const, ipAddrs: ["10.0.0.5/22"], gateway: "10.0.0.1", nameservers: ["10.0.0.2", "10.0.0.3"] };

describe("extraConfigOf", () => {
  it("carries the Ignition config so that it can be read back", () => {
    const ignition = JSON.stringify({ ignition: { version: "3.2.0" }, text: "ä" });
    const config = extraConfigOf({ name: "try-abcde-master-0" }, ignition);
    expect(config).toMatchObject({
      "guestinfo.hostname": "try-abcde-master-0",
      "guestinfo.ignition.config.data.encoding": "gzip+base64",
      "stealclock.enable": "TRUE",
    });
    expect(gunzipSync(Buffer.from(config["guestinfo.ignition.config.data"] ?? "", "base64")).toString()).toBe(ignition);
    expect(config).not.toHaveProperty("guestinfo.afterburn.initrd.network-kargs");
  });

  it("is the same for the same config, so that nothing changes on a second look", () => {
    expect(extraConfigOf({ name: "a" }, "{}")).toEqual(extraConfigOf({ name: "a" }, "{}"));
  });

  it("refuses what does not fit, by its size when encoded", () => {
    const noise = randomBytes(400 * 1024).toString("base64");
    expect(() => extraConfigOf({ name: "try-abcde-bootstrap" }, noise)).toThrow(
      /try-abcde-bootstrap takes \d+ KiB in guestinfo; at most 512 KiB fit/,
    );
    expect(() => extraConfigOf({ name: "a" }, "x".repeat(4 * 2 ** 20))).not.toThrow();
  });
});

describe("networkKargs", () => {
  it.each([
    [host, "ip=10.0.0.5::10.0.0.1:255.255.252.0:::none nameserver=10.0.0.2 nameserver=10.0.0.3"],
    [{ ...host, ipAddrs: ["10.0.0.5/32"], nameservers: [] }, "ip=10.0.0.5::10.0.0.1:255.255.255.255:::none"],
    [{ ...host, ipAddrs: ["10.0.0.5/1"], nameservers: [] }, "ip=10.0.0.5::10.0.0.1:128.0.0.0:::none"],
    [{ ...host, ipAddrs: ["fd00::5/64"], gateway: "fd00::1", nameservers: ["fd00::2"] }, "ip=[fd00::5]::[fd00::1]:64:::none nameserver=[fd00::2]"],
    [{ ...host, ipAddrs: ["10.0.0.5/24", "fd00::5/64"], nameservers: [] }, "ip=10.0.0.5::10.0.0.1:255.255.255.0:::none ip=[fd00::5]:::64:::none"],
    [{ role: "compute" as const, ipAddrs: ["10.0.0.5/24"], nameservers: [] }, "ip=10.0.0.5:::255.255.255.0:::none"],
  ])("%j", (given, kargs) => expect(networkKargs(given)).toBe(kargs));

  it("says nothing for DHCP", () => {
    expect(networkKargs(undefined)).toBeUndefined();
    expect(networkKargs({ ...host, ipAddrs: [] })).toBeUndefined();
  });
});
