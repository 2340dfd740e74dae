import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft } from "../issue.ts";
import { platformsOf } from "../platforms/registry.ts";

/** publish, operatorPublishingStrategy, credentialsMode: what only clouds can do. */
export function publishRules(config: InstallConfig): readonly IssueDraft[] {
  const issues: IssueDraft[] = [];
  for (const { name } of platformsOf(config)) {
    if (config.publish !== "External")
      issues.push(invalid("publish", config.publish, `publish strategy ${config.publish} is not possible on platform ${name}`));
    if (config.credentialsMode !== undefined) issues.push(invalid("credentialsMode", config.credentialsMode, `cannot be set on platform ${name}`));
  }
  if (config.operatorPublishingStrategy !== undefined && config.publish !== "Mixed")
    issues.push(invalid("operatorPublishingStrategy", config.operatorPublishingStrategy, "can only be given with publish: Mixed"));
  if (config.publish === "Mixed" && config.operatorPublishingStrategy === undefined)
    issues.push(invalid("publish", config.publish, "needs operatorPublishingStrategy"));
  const { apiserver, ingress } = config.operatorPublishingStrategy ?? {};
  if (apiserver === "Internal" && ingress === "Internal")
    issues.push(invalid("publish", config.publish, "with both parts Internal, say publish: Internal"));
  return issues;
}
