import { invalid, type IssueDraft, stricter } from "../issue.ts";
import { httpUrl } from "../network/go-url.ts";

/** An absolute path below `/`, without `..`. */
export function isCleanPath(path: string): boolean {
  return path.startsWith("/") && !/[\n\r]/.test(path) && !path.split("/").includes("..") && path.replaceAll("/", "") !== "";
}

/** platform.<p>.clusterOSImage: a file on this machine, or a URL that may contain its checksum. OpenShift's installer takes any text until it downloads it. */
export function imageRules(at: string, image: string | undefined): readonly IssueDraft[] {
  if (image === undefined || isCleanPath(image)) return [];
  const url = httpUrl(image);
  if ("problem" in url) return [stricter(invalid(at, image, `must be an absolute path or an http(s) URL: ${url.problem}`))];
  const digest = url.searchParams.get("sha256");
  return digest === null || /^[0-9a-f]{64}$/i.test(digest) ? [] : [stricter(invalid(at, image, "sha256 must have 64 hexadecimal digits"))];
}
