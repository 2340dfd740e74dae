import { invalid, type IssueDraft } from "../issue.ts";
import { isUserManaged, type VipConfig } from "./platform-config.ts";

/** `dnsRecordsType` of a platform that has it. */
export function dnsRecordsRules(platformPath: string, config: VipConfig & { readonly dnsRecordsType?: string | undefined }): readonly IssueDraft[] {
  return config.dnsRecordsType === "External" && !isUserManaged(config)
    ? [invalid(`${platformPath}.dnsRecordsType`, "External", "needs loadBalancer.type UserManaged")]
    : [];
}
