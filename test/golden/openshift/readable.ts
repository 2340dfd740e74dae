import { createHash } from "node:crypto";
import type { AssetSet } from "../../../src/assets/index.ts";
import { fromResource, type IgnitionConfig } from "../../../src/assets/ignition/index.ts";

const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);
const octal = (mode: number | undefined): string => (mode ?? 0).toString(8).padStart(4, "0");

/**
 * Two texts that a person can compare: every path with its mode and the digest of its bytes, also of the files and units inside Ignition configs;
 * and all manifests, with keys and certificates as digests.
 */
export function readable(assets: AssetSet): ReadonlyMap<string, string> {
  const index = [...assets].flatMap(([path, { content, mode }]) =>
    path.endsWith(".ign")
      ? [`${octal(mode)} ${path}`, ...ignitionLines(path, JSON.parse(content) as IgnitionConfig)]
      : [`${octal(mode)} ${path} ${digest(content)}`],
  );
  const manifests = [...assets]
    .filter(([path]) => /^(?:manifests|openshift)\//.test(path))
    .map(([path, { content }]) => `# ${path}\n${withoutBlobs(content)}`);
  return new Map([
    ["index.txt", `${index.join("\n")}\n`],
    ["manifests.yaml", manifests.join("---\n")],
  ]);
}

function ignitionLines(name: string, { ignition, passwd, storage, systemd }: IgnitionConfig): readonly string[] {
  const files = (storage?.files ?? []).map((file) => {
    const [added] = file.append ?? [];
    const bytes = fromResource(file.contents ?? added ?? { source: "data:," }).toString();
    const flags = [file.user?.name, file.overwrite === true ? "overwrite" : "", added === undefined ? "" : "append"].filter(Boolean).join(" ");
    return `${name}: ${octal(file.mode)} ${file.path} ${flags} ${digest(bytes)}`;
  });
  const units = (systemd?.units ?? []).map(({ name: unit, enabled, contents, dropins = [] }) =>
    [
      `${name}: unit ${unit}`,
      enabled === true ? "enabled" : "",
      contents === undefined ? "" : digest(contents),
      ...dropins.map((dropin) => `${dropin.name} ${digest(dropin.contents)}`),
    ]
      .filter((part) => part !== "")
      .join(" "),
  );
  const users = (passwd?.users ?? []).map((user) => `${name}: user ${user.name} ${digest(JSON.stringify(user))}`);
  return [`${name}: ${digest(JSON.stringify(ignition))} ${ignition.config?.merge?.[0]?.source ?? ""}`.trimEnd(), ...files, ...units, ...users];
}

const withoutBlobs = (text: string): string =>
  text
    .replaceAll(
      /( *)-----BEGIN ([A-Z ]+)-----[\s\S]*?-----END \2-----/g,
      (block, indent: string, label: string) => `${indent}<${label} ${digest(block)}>`,
    )
    .replaceAll(/[A-Za-z0-9+/]{100,}={0,2}/g, (block) => `<base64 ${digest(block)}>`);
