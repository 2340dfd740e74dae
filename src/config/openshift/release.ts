import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft, required, unsupported } from "../issue.ts";
import { contractOf, DEFAULT_VERSION, isKnownVersion, OPENSHIFT_VERSIONS, type OpenShiftVersion, refusalOf } from "./contract.ts";

/** Which release of OpenShift, or OKD, a cluster gets. */
export interface Release {
  readonly version: OpenShiftVersion;
  /** The version as it is known, with or without its patch release. */
  readonly name: string;
  /** Pull spec of the release image. */
  readonly image: string;
}

type Given = Pick<InstallConfig, "release"> & Partial<Pick<InstallConfig, "distribution">>;

/** A version, perhaps with its patch release: `4.21.3`, `4.21.0-rc.1`. */
const VERSION = /^(\d+\.\d+)(?:\.\d+(?:[-+.][0-9A-Za-z.+-]*)?)?$/;
/** What a tag of a release image begins with: `4.21.3-x86_64`. */
const TAG = /^(\d+\.\d+)(?![0-9])/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Only for a config that fulfils the rules. */
export function releaseOf({ release, distribution }: Given): Release {
  const { image = "", version: given = "" } = release ?? {};
  const name = given === "" ? (versionOfTag(image) ?? DEFAULT_VERSION) : given;
  const minor = minorOf(name) ?? DEFAULT_VERSION;
  const version = isKnownVersion(minor) ? minor : DEFAULT_VERSION;
  const patch = name === minor ? `${minor}.0` : name;
  return { version, name, image: image === "" ? contractOf(version, distribution).releaseImage(patch) : image };
}

/** `release`: a version that is known, and an image that is of it. */
export function releaseRules({ release }: Given): readonly IssueDraft[] {
  if (release === undefined) return [];
  const { image = "", version = "" } = release;
  const issues = [...versionRules(version), ...imageRules(image)];
  const ofTag = versionOfTag(image);
  if (issues.length > 0 || image === "") return issues;
  if (version === "" && ofTag === undefined)
    return [required("release.version", "say which version the image is of; only a tag that begins with it says so")];
  if (version === "") return versionRules(ofTag ?? "", "release.image");
  return ofTag === undefined || ofTag === minorOf(version)
    ? []
    : [invalid("release.version", version, `the image's tag says ${ofTag}; both must be of the same version`)];
}

function versionRules(version: string, path = "release.version"): readonly IssueDraft[] {
  if (version === "") return [];
  const minor = minorOf(version);
  if (minor === undefined) return [invalid(path, version, `must be a version such as ${DEFAULT_VERSION} or ${DEFAULT_VERSION}.3`)];
  if (isKnownVersion(minor)) return [];
  const reason = refusalOf(minor);
  return reason === undefined
    ? [unsupported(path, minor, OPENSHIFT_VERSIONS)]
    : [invalid(path, version, `${reason}; supported versions: ${OPENSHIFT_VERSIONS.join(", ")}`)];
}

function imageRules(image: string): readonly IssueDraft[] {
  if (image === "") return [];
  const { repository, tag, digest } = partsOf(image);
  if (!/^[a-z0-9][A-Za-z0-9.:-]*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+$/.test(repository))
    return [invalid("release.image", image, "must be a pull spec with its registry, such as quay.io/org/name:tag")];
  if (digest !== undefined && !DIGEST.test(digest)) return [invalid("release.image", image, "the digest must be sha256: and 64 hexadecimal digits")];
  if (tag === undefined && digest === undefined) return [invalid("release.image", image, "must have a tag or a digest")];
  return tag === undefined || /^\w[\w.-]{0,127}$/.test(tag) ? [] : [invalid("release.image", image, "has a tag that no registry takes")];
}

/** The parts of `registry:port/org/name:tag@digest`. */
function partsOf(image: string): { readonly repository: string; readonly tag?: string; readonly digest?: string } {
  const [named = "", digest] = image.split("@", 2);
  const colon = named.lastIndexOf(":");
  const tagged = colon > named.lastIndexOf("/");
  return {
    repository: tagged ? named.slice(0, colon) : named,
    ...(tagged ? { tag: named.slice(colon + 1) } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
}

const versionOfTag = (image: string): string | undefined => TAG.exec(partsOf(image).tag ?? "")?.[1];
const minorOf = (version: string): string | undefined => VERSION.exec(version)?.[1];
