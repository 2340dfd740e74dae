import type { VsphereConfig } from "./spec.ts";
import { invalid, type IssueDraft, stricter } from "../../issue.ts";
import { parseCidr, withoutZeros } from "../../network/address.ts";

/** platform.vsphere.nodeNetworking */
export function nodeNetworkingRules({ nodeNetworking, failureDomains = [] }: VsphereConfig): readonly IssueDraft[] {
  const known = failureDomains.flatMap(({ topology }) => topology?.networks ?? []);
  return (["internal", "external"] as const).flatMap((which) => {
    const path = `platform.vsphere.nodeNetworking.${which}`;
    const given = nodeNetworking?.[which];
    const issues: IssueDraft[] = (["networkSubnetCidr", "excludeNetworkSubnetCidr"] as const).flatMap((key) =>
      (given?.[key] ?? [])
        .filter((cidr) => parseCidr(cidr) === undefined)
        .map((cidr) => {
          const issue = invalid(`${path}.${key}`, cidr, "must be CIDRs");
          return withoutZeros(cidr) === undefined ? issue : stricter(issue);
        }),
    );
    const network = given?.network ?? "";
    if (network !== "" && !known.includes(network))
      issues.push(invalid(`${path}.network`, network, "is not among the networks of the failure domains"));
    return issues;
  });
}
