import type { InstallConfig, RawVirtualization } from "../../install-config.ts";
import { invalid, type IssueDraft, required } from "../../issue.ts";
import { httpUrl } from "../../network/go-url.ts";
import { minorOf } from "../compatibility.ts";
import { sourceOf } from "../spec.ts";

const AT = "virtualization.manifests";
const COMPONENTS = ["kubevirt", "cdi", "networkAddons", "hostPathProvisioner"] as const;

type Files = NonNullable<NonNullable<RawVirtualization["manifests"]>["kubevirt"]>["files"];

/** What `source: Manifests` deploys. */
export function manifestRules({ distribution }: InstallConfig, raw: RawVirtualization): readonly IssueDraft[] {
  if (sourceOf(raw, distribution) !== "Manifests") return [];
  const { manifests = {}, storage } = raw;
  const issues: IssueDraft[] = [];
  if (manifests.kubevirt === undefined) issues.push(required(`${AT}.kubevirt`, "name its version and manifests; virt-ipi brings none of its own"));
  // Only CDI knows StorageProfiles.
  if (manifests.cdi === undefined && storage?.storageProfiles !== undefined)
    issues.push(required(`${AT}.cdi`, "storage.storageProfiles needs its operator"));
  if (storage?.hostPathProvisioner !== undefined && manifests.hostPathProvisioner === undefined)
    issues.push(required(`${AT}.hostPathProvisioner`, "storage.hostPathProvisioner needs its operator"));
  if (manifests.mirror !== undefined) issues.push(...urlRules(`${AT}.mirror`, manifests.mirror, "must be an http(s) URL"));
  for (const name of COMPONENTS) {
    const component = manifests[name];
    if (component === undefined) continue;
    const { version } = component;
    if (version === undefined) issues.push(required(`${AT}.${name}.version`, "which version the manifests are of"));
    else if (minorOf(version) === undefined) issues.push(invalid(`${AT}.${name}.version`, version, "must be a version, such as 1.8.4"));
    issues.push(...pinnedRules(`${AT}.${name}.files`, component.files));
  }
  return issues;
}

/** Manifests with their checksums: what is applied with all rights must be what the user has looked at. */
export function pinnedRules(path: string, files: Files): readonly IssueDraft[] {
  if (files === undefined || files.length === 0) return [required(path, "give at least one manifest")];
  return files.flatMap(({ location, sha256 }, index) => {
    const at = `${path}[${index}]`;
    const issues: IssueDraft[] = [];
    if (location === undefined || location === "") issues.push(required(`${at}.location`, "an absolute path or an http(s) URL"));
    else if (!location.startsWith("/")) issues.push(...urlRules(`${at}.location`, location, "must be an absolute path or an http(s) URL"));
    if (sha256 === undefined || sha256 === "") issues.push(required(`${at}.sha256`, "the checksum of the manifest, as sha256sum prints it"));
    else if (!/^[0-9a-f]{64}$/i.test(sha256)) issues.push(invalid(`${at}.sha256`, sha256, "must have 64 hexadecimal digits"));
    return issues;
  });
}

function urlRules(path: string, text: string, message: string): readonly IssueDraft[] {
  const url = httpUrl(text);
  return "problem" in url ? [invalid(path, text, `${message}: ${url.problem}`)] : [];
}
