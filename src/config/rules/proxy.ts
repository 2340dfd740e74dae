import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft, required, showValue, stricter, unsupported } from "../issue.ts";
import { contains, parseAddress, parseCidr } from "../network/address.ts";
import { isDomain } from "../network/dns-names.ts";
import { goUrlProblem, httpUrl } from "../network/go-url.ts";
import { contractOf } from "../openshift/contract.ts";
import { releaseOf } from "../openshift/release.ts";

// So many are enough to see what is wrong with the list.
const MOST_ELEMENTS = 20;

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
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1];
  if (scheme !== undefined && !schemes.includes(scheme.toLowerCase())) return [unsupported(path, scheme, schemes)];
  const url = httpUrl(text);
  if ("problem" in url) {
    const issue = invalid(path, text, `must be a URL, such as ${schemes[0]}://proxy.example.com:3128: ${url.problem}`);
    // OpenShift's installer looks at no more than the scheme of what it can read: not at the host, nor at the port's number.
    const { oneColonInHosts } = contractOf(releaseOf(config).version);
    const isRead = goUrlProblem(text, oneColonInHosts) === undefined && schemes.some((one) => text.toLowerCase().startsWith(`${one}:`));
    return [isRead ? stricter(issue) : issue];
  }
  const address = parseAddress(url.hostname.replace(/^\[(.*)\]$/, "$1"));
  if (address === undefined) return [];
  const { clusterNetwork, serviceNetwork, ovnKubernetesConfig } = config.networking;
  const join = ovnKubernetesConfig?.ipv4?.internalJoinSubnet;
  const inside = [...clusterNetwork.map(({ cidr }) => cidr ?? ""), ...serviceNetwork, join ?? ""]
    .flatMap((cidr) => parseCidr(cidr) ?? [])
    .find((cidr) => contains(cidr, address));
  return inside === undefined ? [] : [invalid(path, text, `the proxy is in ${inside.text}, a network inside the cluster, and would not be reached`)];
}

function noProxyRules(text: string): readonly IssueDraft[] {
  const path = "proxy.noProxy";
  if (text === "*") return [];
  const spaces = text.includes(" ") ? [invalid(path, text, "must not contain spaces; separate by commas only")] : [];
  const wrong: IssueDraft[] = [];
  for (const [index, part] of text.split(",").entries()) {
    const element = part.trim();
    if (isDestination(element)) continue;
    wrong.push(invalid(path, text, `element ${index} ${showValue(element)} must be an IP address, a CIDR or a domain without wildcard`));
    if (wrong.length === MOST_ELEMENTS) break;
  }
  return [...spaces, ...wrong];
}

function isDestination(part: string): boolean {
  return parseAddress(part) !== undefined || parseCidr(part) !== undefined || isDomain(part.replace(/^\./, "").replace(/\.$/, ""));
}
