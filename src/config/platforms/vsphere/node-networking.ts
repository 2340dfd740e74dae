import type { VsphereConfig } from "./spec.ts";
import { invalid, type IssueDraft } from "../../issue.ts";
import { parseCidr } from "../../network/address.ts";

/** platform.vsphere.nodeNetworking */
export function nodeNetworkingRules({ nodeNetworking, failureDomains = [] }: VsphereConfig): readonly IssueDraft[] {
  const known = failureDomains.flatMap(({ topology }) => topology?.networks ?? []);
  return (["internal", "external"] as const).flatMap((which) => {
    const path = `platform.vsphere.nodeNetworking.${which}`;
    const given = nodeNetworking?.[which];
    const issues: IssueDraft[] = (["networkSubnetCidr", "excludeNetworkSubnetCidr"] as const).flatMap((key) =>
      (given?.[key] ?? []).filter((cidr) => parseCidr(cidr) === undefined).map((cidr) => invalid(`${path}.${key}`, cidr, "must be CIDRs")),
    );
    const network = given?.network ?? "";
    if (network !== "" && !known.includes(network))
      issues.push(invalid(`${path}.network`, network, "is not among the networks of the failure domains"));
    return issues;
  });
}
