import type { OpenShiftContext } from "./context.ts";
import { mergedMirrors } from "./image-mirrors.ts";
import { proxyStatus } from "./proxy.ts";

/** Mirrors for podman and CRI-O. Source: containers-registries.conf(5). */
export const imageRegistries = (context: OpenShiftContext): string =>
  mergedMirrors(context)
    .filter(({ mirrors }) => mirrors.length > 0)
    .map(({ source, mirrors, policy }) =>
      [
        "[[registry]]",
        `location = ${quoted(source)}`,
        "insecure = false",
        "mirror-by-digest-only = true",
        ...(context.contract.sourcePolicy ? [`blocked = ${policy === "NeverContactSource"}`] : []),
        ...mirrors.flatMap((mirror) => ["", "[[registry.mirror]]", `location = ${quoted(mirror)}`, "insecure = false"]),
        "",
      ].join("\n"),
    )
    .join("\n");

/** A basic string of TOML is one of JSON. */
const quoted = (text: string): string => JSON.stringify(text);

/** Whether the machine is in FIPS mode, for the daemon that applies machine configs on the first boot. */
export const fipsMachineConfig = ({ openshift }: OpenShiftContext): string =>
  `${JSON.stringify({ metadata: { name: "bootstrap-fips" }, spec: { config: { ignition: { version: "3.1.0" } }, kernelArguments: [], fips: openshift.config.fips } }, null, 2)}\n`;

export const proxyProfile = (context: OpenShiftContext): string =>
  variables(context)
    .map(([name, value]) => `export ${name}="${value.replaceAll(/[\\"$`]/g, "\\$&")}"\n`)
    .join("");

/** Every service of the machine starts with the proxy in its environment. Source: systemd-system.conf(5), where `%` begins a specifier. */
export function proxyEnvironment(context: OpenShiftContext): string {
  const lines = variables(context).map(
    ([name, value]) => `DefaultEnvironment="${name}=${value.replaceAll(/[\\"]/g, "\\$&").replaceAll("%", "%%")}"\n`,
  );
  return `[Manager]\n${lines.join("")}`;
}

function variables({ spec }: OpenShiftContext): readonly (readonly [name: string, value: string])[] {
  const { httpProxy, httpsProxy, noProxy } = proxyStatus(spec);
  return Object.entries({ HTTP_PROXY: httpProxy, HTTPS_PROXY: httpsProxy, NO_PROXY: noProxy }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
}
