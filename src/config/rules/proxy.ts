import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft, required, unsupported } from "../issue.ts";
import { contains, parseAddress, parseCidr } from "../net.ts";
import { isDomain } from "./dns-names.ts";

const OVN_JOIN = "100.64.0.0/16";

export function proxyRules(config: InstallConfig): readonly IssueDraft[] {
  const { proxy } = config;
  if (proxy === undefined) return [];
  const { httpProxy = "", httpsProxy = "", noProxy = "" } = proxy;
  const issues: IssueDraft[] = [];
  if (httpProxy === "" && httpsProxy === "") issues.push(required("proxy", "must have httpProxy or httpsProxy"));
  if (httpProxy !== "") issues.push(...urlRules(config, "proxy.httpProxy", httpProxy, ["http"]));
  if (httpsProxy !== "") issues.push(...urlRules(config, "proxy.httpsProxy", httpsProxy, ["http", "https"]));
  if (noProxy !== "") issues.push(...noProxyRules(noProxy));
  return issues;
}

function urlRules(config: InstallConfig, path: string, text: string, schemes: readonly string[]): readonly IssueDraft[] {
  const url = /^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return [invalid(path, text, `must be a URL, such as ${schemes[0]}://proxy.example.com:3128`)];
  if (!schemes.includes(url.protocol.slice(0, -1))) return [unsupported(path, url.protocol.slice(0, -1), schemes)];
  const address = parseAddress(url.hostname.replace(/^\[(.*)\]$/, "$1"));
  if (address === undefined) return [];
  const { clusterNetwork, serviceNetwork, networkType, ovnKubernetesConfig } = config.networking;
  const join = networkType === "OVNKubernetes" ? [ovnKubernetesConfig?.ipv4?.internalJoinSubnet ?? OVN_JOIN] : [];
  const inside = [...clusterNetwork.map(({ cidr }) => cidr ?? ""), ...serviceNetwork, ...join].flatMap((cidr) => parseCidr(cidr) ?? []).find((cidr) => contains(cidr, address));
  return inside === undefined ? [] : [invalid(path, text, `the proxy lies in ${inside.text}, a network inside the cluster, and would not be reached`)];
}

function noProxyRules(text: string): readonly IssueDraft[] {
  const path = "proxy.noProxy";
  if (text === "*") return [];
  if (/\s/.test(text)) return [invalid(path, text, "must not contain spaces; separate by commas only")];
  return text.split(",").flatMap((part, index) => (isDestination(part) ? [] : [invalid(path, text, `element ${index} ${JSON.stringify(part)} must be an IP address, a CIDR or a domain without wildcard`)]));
}

function isDestination(part: string): boolean {
  return parseAddress(part) !== undefined || parseCidr(part) !== undefined || isDomain(part.replace(/^\./, "").replace(/\.$/, ""));
}
