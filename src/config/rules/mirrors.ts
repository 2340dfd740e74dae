import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft, required } from "../issue.ts";

const PATH_PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const HOST = "(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?";
const REPOSITORY = new RegExp(`^(?:${HOST}/)?${PATH_PART}(?:/${PATH_PART})*$`);
const REGISTRY = new RegExp(`^${HOST}$`);
const LONGEST = 255;

/** imageDigestSources, imageContentSources */
export function mirrorRules(config: InstallConfig): readonly IssueDraft[] {
  const both = config.imageContentSources !== undefined && config.imageDigestSources !== undefined;
  return [
    ...(both ? [invalid("imageContentSources", config.imageContentSources, "cannot be given together with imageDigestSources")] : []),
    ...(["imageContentSources", "imageDigestSources"] as const).flatMap((key) => (config[key] ?? []).flatMap((group, index) => groupRules(`${key}[${index}]`, group))),
  ];
}

function groupRules(path: string, { source, mirrors }: { source?: string | undefined; mirrors?: string[] | undefined }): readonly IssueDraft[] {
  const issues: IssueDraft[] = [];
  const check = (at: string, text: string): void => {
    const problem = repositoryProblem(text);
    if (problem !== undefined) issues.push(invalid(at, text, problem));
  };
  if (source === undefined || source === "") issues.push(required(`${path}.source`, "name the repository that is mirrored"));
  else check(`${path}.source`, source);
  for (const [index, mirror] of (mirrors ?? []).entries()) check(`${path}.mirrors[${index}]`, mirror);
  return issues;
}

/** A repository or a whole registry, never a single image. */
function repositoryProblem(text: string): string | undefined {
  if (text.length > LONGEST) return `must have at most ${LONGEST} characters`;
  if (text.includes("@")) return "must be a repository, without digest";
  if (REPOSITORY.test(text) || REGISTRY.test(text)) return undefined;
  return /:[^/]*$/.test(text) && text.includes("/") ? "must be a repository, without tag" : "is not the name of a repository";
}
