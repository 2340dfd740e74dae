import { expect, it } from "vitest";
import { apiServiceAddresses, dnsServiceAddresses, nthAddress } from "../../../src/assets/addresses.ts";

it.each([
  ["172.30.0.0/16", 1, "172.30.0.1"],
  ["172.30.0.0/16", 256, "172.30.1.0"],
  ["10.96.7.5/12", 10, "10.96.0.10"],
  ["255.255.255.0/24", 255, "255.255.255.255"],
  ["fd02::/112", 10, "fd02::a"],
  ["2001:db8:ffff::/48", 65536, "2001:db8:ffff::1:0"],
])("the address of %s at %i is %s", (cidr, offset, address) => {
  expect(nthAddress(cidr, offset)).toBe(address);
});

it("gives each family its Service addresses", () => {
  expect(apiServiceAddresses(["172.30.0.0/16", "fd02::/112"])).toEqual(["172.30.0.1", "fd02::1"]);
  expect(dnsServiceAddresses(["172.30.0.0/16", "fd02::/112"])).toEqual(["172.30.0.10", "fd02::a"]);
});
