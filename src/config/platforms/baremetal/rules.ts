import { certificatesProblem } from "../../certificates.ts";
import type { InstallConfig } from "../../install-config.ts";
import { invalid, type IssueDraft, required } from "../../issue.ts";
import { type Address, parseAddress, sameAddress } from "../../network/address.ts";
import { machineNetworks, placeProblem } from "../../network/machine-networks.ts";
import { dnsRecordsRules } from "../dns-records.ts";
import { isUserManaged } from "../platform-config.ts";

const PATH = "platform.baremetal";
type Baremetal = NonNullable<NonNullable<InstallConfig["platform"]>["baremetal"]>;

export function baremetalRules(config: InstallConfig): readonly IssueDraft[] {
  const baremetal = config.platform?.baremetal;
  if (baremetal === undefined) return [];
  const { bmcVerifyCA, provisioningNetworkGateway: gateway } = baremetal;
  const certificates = certificatesProblem(bmcVerifyCA ?? "");
  return [
    ...vipsGiven(baremetal),
    ...dnsRecordsRules(PATH, baremetal),
    ...(certificates === undefined ? [] : [invalid(`${PATH}.bmcVerifyCA`, bmcVerifyCA, certificates)]),
    ...(gateway === undefined || parseAddress(gateway) !== undefined
      ? []
      : [invalid(`${PATH}.provisioningNetworkGateway`, gateway, "must be an IP address")]),
    ...bootstrapAddressRules(config, baremetal),
  ];
}

/** OpenShift's installer can find them by DNS; this program wants them said. */
function vipsGiven({ apiVIPs = [], ingressVIPs = [] }: Baremetal): readonly IssueDraft[] {
  const lists = { apiVIPs, ingressVIPs };
  return Object.entries(lists).flatMap(([key, list]) => (list.length === 0 ? [required(`${PATH}.${key}`, "give at least one address")] : []));
}

/** The bootstrap machine's static address, its gateway and its DNS server: all different, and none of them a VIP. */
function bootstrapAddressRules(config: InstallConfig, baremetal: Baremetal): readonly IssueDraft[] {
  const { bootstrapExternalStaticIP: ip, bootstrapExternalStaticGateway: gateway, bootstrapExternalStaticDNS: dns } = baremetal;
  const vips = [...(baremetal.apiVIPs ?? []), ...(baremetal.ingressVIPs ?? [])].flatMap((vip) => parseAddress(vip) ?? []);
  const networks = machineNetworks(config);
  const own = parseAddress(ip ?? "");
  const isVip = (address: Address): boolean => vips.some((vip) => sameAddress(vip, address));
  const check = (key: keyof Baremetal, text: string | undefined, problemOf: (address: Address) => string | undefined): readonly IssueDraft[] => {
    if (text === undefined || text === "") return [];
    const address = parseAddress(text);
    const problem = address === undefined ? "must be an IP address" : problemOf(address);
    return problem === undefined ? [] : [invalid(`${PATH}.${key}`, text, problem)];
  };
  const mayBeVip = isUserManaged(baremetal);
  return [
    ...check("bootstrapExternalStaticIP", ip, (address) => (isVip(address) ? "is one of the VIPs" : placeProblem(address, networks))),
    ...check("bootstrapExternalStaticGateway", gateway, (address) => {
      if (own !== undefined && sameAddress(own, address)) return "is the bootstrap machine's own address";
      return isVip(address) && !mayBeVip ? "is one of the VIPs" : placeProblem(address, networks);
    }),
    ...check("bootstrapExternalStaticDNS", dns, (address) =>
      isVip(address) && !mayBeVip ? "is one of the VIPs, where no DNS is served" : undefined,
    ),
  ];
}
