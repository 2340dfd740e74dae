import { goUrlProblem } from "../../network/go-url.ts";
import { parseAddress } from "../../network/address.ts";

/** What a kind of management controller can do. Source: metal3-io/baremetal-operator, pkg/hardwareutils/bmc, by description. */
interface Driver {
  /** Behind a plus sign after the driver's name, how it is spoken to. */
  readonly transports: readonly string[];
  /** Hosts boot over the provisioning network, not from an image that the controller attaches. */
  readonly needsProvisioningNetwork: boolean;
  readonly secureBoot: boolean;
}

const driver = (transports: readonly string[], needsProvisioningNetwork: boolean, secureBoot: boolean): Driver => ({
  transports,
  needsProvisioningNetwork,
  secureBoot,
});
const WEB = ["http", "https"] as const;

const DRIVERS: Readonly<Record<string, Driver>> = {
  ibmc: driver(WEB, true, false),
  idrac: driver(WEB, true, false),
  "idrac-redfish": driver(WEB, true, true),
  "idrac-virtualmedia": driver(WEB, false, true),
  ilo4: driver(["https"], true, false),
  "ilo4-virtualmedia": driver(["https"], false, false),
  ilo5: driver(["https"], true, true),
  "ilo5-redfish": driver(WEB, true, true),
  "ilo5-virtualmedia": driver(WEB, false, true),
  ipmi: driver([], true, false),
  irmc: driver([], true, true),
  libvirt: driver([], true, false),
  redfish: driver(WEB, true, true),
  "redfish-virtualmedia": driver(WEB, false, true),
};

const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** The driver that a management controller's address asks for, or what is wrong with the address. */
export function driverOf(address: string): { readonly driver: Driver; readonly name: string } | { readonly problem: string } {
  // Without a scheme it is IPMI; `ipmi:host` is as good as `ipmi://host`.
  const [, scheme = "ipmi", rest = ""] = /^([a-z][a-z0-9+.-]*):(?!\d+(?:$|\/))(.*)$/is.exec(address) ?? [undefined, "ipmi", address];
  const authority = rest.replace(/^\/\//, "").split(/[/?#]/, 1)[0] ?? "";
  const host = authority
    .slice(authority.lastIndexOf("@") + 1)
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1");
  if (/[\u0000-\u001f\u007f]/.test(address) || (rest.startsWith("//") && goUrlProblem(address.split("#", 1)[0] ?? "") !== undefined))
    return { problem: "is not a URL: an escape, a port or a character in it is none" };
  if (host !== "" && parseAddress(host) === undefined && !HOST_NAME.test(host))
    return { problem: "has a host that is neither a name nor an IP address" };
  const [name = "", transport] = scheme.toLowerCase().split("+");
  const found = Object.hasOwn(DRIVERS, name) ? DRIVERS[name] : undefined;
  return found === undefined || (transport !== undefined && !found.transports.includes(transport))
    ? { problem: `has the unknown scheme ${scheme}; known: ${Object.keys(DRIVERS).join(", ")}, some with +http or +https` }
    : { driver: found, name };
}
