import { imageMirrors, mirrorPrefix, splitRepository } from "../image-mirrors.ts";
import type { InstallConfig } from "../install-config.ts";
import { forbidden, invalid, type IssueDraft, required } from "../issue.ts";
import { contractOf } from "../openshift/contract.ts";
import { releaseOf } from "../openshift/release.ts";

const PATH_PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const PORT = "(?::[0-9]+)?";
// The first part of a name is a registry only if it could not be a folder: it has a dot or a port, or is localhost.
const HOST = `(?:localhost${PORT}|${LABEL}(?:\\.${LABEL})+${PORT}|${LABEL}:[0-9]+)`;
const ADDRESS = `\\[[0-9a-fA-F:]+\\]${PORT}`;
const REPOSITORY = new RegExp(`^${HOST}/${PATH_PART}(?:/${PATH_PART})*$`);
/** OpenShift's installer knows no address of IPv6 as a registry. */
const REPOSITORY_AT_ADDRESS = new RegExp(`^${ADDRESS}/${PATH_PART}(?:/${PATH_PART})*$`);
const REGISTRY = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::[0-9]+)?$/;
const LONGEST = 255;

/** imageDigestSources, imageContentSources */
export function mirrorRules(config: InstallConfig): readonly IssueDraft[] {
  const { imageContentSources = [], imageDigestSources = [] } = config;
  const both = imageContentSources.length > 0 && imageDigestSources.length > 0;
  const shapes = [
    ...(both ? [invalid("imageContentSources", imageContentSources, "cannot be given together with imageDigestSources")] : []),
    ...imageContentSources.flatMap((group, index) => groupRules(config, `imageContentSources[${index}]`, group)),
    ...imageDigestSources.flatMap((group, index) => groupRules(config, `imageDigestSources[${index}]`, group)),
    ...policyRules(config),
  ];
  return shapes.length > 0 || config.distribution !== "kubernetes" ? shapes : containerdRules(config);
}

/** Of OpenShift only newer versions know that a source must not be asked, and then another must be. */
function policyRules(config: InstallConfig): readonly IssueDraft[] {
  const { version } = releaseOf(config);
  if (config.distribution === "kubernetes") return [];
  return (config.imageDigestSources ?? []).flatMap(({ sourcePolicy, mirrors = [] }, index) => {
    const path = `imageDigestSources[${index}].sourcePolicy`;
    if (sourcePolicy === undefined) return [];
    if (!contractOf(version).sourcePolicy) return [forbidden(path, `is not in version ${version}`)];
    return mirrors.length === 0 ? [invalid(path, sourcePolicy, "cannot be given without a mirror")] : [];
  });
}

/** What containerd can be configured for: mirrors of a registry, that keep the path of an image there. */
function containerdRules(config: InstallConfig): readonly IssueDraft[] {
  const key = (config.imageDigestSources ?? []).length > 0 ? "imageDigestSources" : "imageContentSources";
  const groups = imageMirrors(config);
  return groups.flatMap(({ source, mirrors, neverContactSource }, index) => {
    const path = `${key}[${index}]`;
    const { registry, path: repository } = splitRepository(source);
    const others = groups.filter((group) => splitRepository(group.source).registry === registry);
    const issues: IssueDraft[] = [];
    if (mirrors.length === 0) issues.push(required(`${path}.mirrors`, "name a mirror; without one the entry has no effect"));
    for (const [number, mirror] of mirrors.entries())
      if (mirrorPrefix(source, mirror) === undefined)
        issues.push(
          invalid(`${path}.mirrors[${number}]`, mirror, `must end with /${repository}: containerd keeps the path that images have in ${registry}`),
        );
    if (neverContactSource && repository !== "")
      issues.push(
        invalid(`${path}.sourcePolicy`, policyOf(true), `is for a whole registry with containerd; set source to ${registry}, or remove it`),
      );
    else if (others.some((group) => group.neverContactSource !== neverContactSource))
      issues.push(
        invalid(
          `${path}.sourcePolicy`,
          policyOf(neverContactSource),
          `must be the same in all entries for registry ${registry}: containerd takes one a registry`,
        ),
      );
    return issues;
  });
}

const policyOf = (neverContactSource: boolean): string => (neverContactSource ? "NeverContactSource" : "AllowContactingSource");

function groupRules(
  { distribution }: InstallConfig,
  path: string,
  { source = "", mirrors = [] }: { source?: string | undefined; mirrors?: string[] | undefined },
): readonly IssueDraft[] {
  const named = [{ at: `${path}.source`, text: source }, ...mirrors.map((text, index) => ({ at: `${path}.mirrors[${index}]`, text }))];
  return named.flatMap(({ at, text }) => {
    if (distribution === "kubernetes" && REPOSITORY_AT_ADDRESS.test(text)) return [];
    const problem = repositoryProblem(text);
    return problem === undefined ? [] : [invalid(at, text, problem)];
  });
}

/** A repository with its registry, or a whole registry; never a single image. */
function repositoryProblem(text: string): string | undefined {
  if (text === "") return "must not be empty";
  if (text.length > LONGEST) return `must have at most ${LONGEST} characters`;
  if (text.includes("@")) return "must be a repository, without digest";
  if (REPOSITORY.test(text) || REGISTRY.test(text)) return undefined;
  return /\/.*:/.test(text) ? "must be a repository, without tag" : "must be a repository with its registry, such as quay.io/org/name";
}
