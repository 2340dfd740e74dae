import type { ImageMirrors } from "./cluster-spec.ts";
import type { InstallConfig } from "./install-config.ts";

/** imageDigestSources, or imageContentSources in its place, with what a source's policy is by default. */
export const imageMirrors = ({ imageDigestSources = [], imageContentSources = [] }: InstallConfig): readonly ImageMirrors[] =>
  [...imageDigestSources, ...imageContentSources.map((group) => ({ ...group, sourcePolicy: undefined }))].map(
    ({ source = "", mirrors = [], sourcePolicy }) => ({ source, mirrors, neverContactSource: sourcePolicy === "NeverContactSource" }),
  );

/** The parts of `registry.example.com:5000/org/repo`; the path is empty for a whole registry. */
export function splitRepository(text: string): { readonly registry: string; readonly path: string } {
  const [registry = "", ...path] = text.split("/");
  return { registry, path: path.join("/") };
}

/**
 * What stands before the path of an image in a mirror: "" or `a/b`. Undefined where the mirror gives images of the source another path: a
 * container runtime that knows mirrors of registries only cannot express that. Source: containerd's hosts.toml, where `override_path` puts a prefix.
 */
export function mirrorPrefix(source: string, mirror: string): string | undefined {
  const [wanted, given] = [splitRepository(source).path, splitRepository(mirror).path];
  if (wanted === "" || wanted === given) return wanted === "" ? given : "";
  return given.endsWith(`/${wanted}`) ? given.slice(0, -wanted.length - 1) : undefined;
}
