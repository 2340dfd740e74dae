import { isIPv6 } from "node:net";

/**
 * Why Go's `url.ParseRequestURI` refuses a text, which OpenShift's installer and all programs in Go read proxies with; undefined if it
 * takes it. Go 1.26, which is the strictest; test/unit/config/go-url.json holds its answers. The reason never quotes the text, which may
 * be a password.
 * @param oneColon false: as before Go 1.26, which lets a web address have colons in its host without brackets
 */
export function goUrlProblem(text: string, oneColon = true): string | undefined {
  if (/[\u0000-\u001f\u007f]/.test(text)) return "holds a line break or another control character";
  if (text === "") return "is empty";
  if (text === "*") return undefined;
  if (text.startsWith(":")) return "has no scheme";
  const [, scheme, afterScheme] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(text) ?? [];
  const rest = (afterScheme ?? text).split("?", 1)[0] ?? "";
  if (!rest.startsWith("/")) return scheme === undefined ? "has no scheme" : undefined;
  if (scheme === undefined || !rest.startsWith("//")) return escapeProblem(rest);
  const [authority = ""] = rest.slice(2).split("/", 1);
  const at = authority.lastIndexOf("@");
  return (
    hostProblem(oneColon && /^https?$/i.test(scheme), authority.slice(at + 1)) ??
    userinfoProblem(authority.slice(0, Math.max(0, at))) ??
    escapeProblem(rest.slice(2 + authority.length))
  );
}

const ESCAPED = "in the user name or password must be percent-encoded";

function userinfoProblem(userinfo: string): string | undefined {
  if (/[\s]/.test(userinfo)) return `a blank ${ESCAPED}: %20`;
  if (userinfo.includes("\\")) return `a backslash ${ESCAPED}: %5C`;
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userinfo)) return `a character ${ESCAPED}, such as %23 for #`;
  return escapeProblem(userinfo);
}

const BARE_PERCENT = "a bare % must be written %25";

/** Any escape may stand in a path, a user name and a password. */
const escapeProblem = (text: string): string | undefined => (/%(?![0-9a-f]{2})/i.test(text) ? BARE_PERCENT : undefined);

const PORT = /^(?::[0-9]*)?$/;
const BAD_PORT = "what follows the host is not a port; special characters in a user name or password must be percent-encoded";
const BAD_HOST = "the host holds a character that no host has; special characters in a user name or password must be percent-encoded";
const BAD_ADDRESS = "only an IPv6 address may stand in brackets";

function hostProblem(oneColon: boolean, host: string): string | undefined {
  const open = host.lastIndexOf("[");
  if (open > 0) return BAD_ADDRESS;
  if (open === 0) return bracketProblem(host);
  const colon = oneColon ? host.indexOf(":") : host.lastIndexOf(":");
  if (colon >= 0 && !PORT.test(host.slice(colon))) return BAD_PORT;
  return hostCharacterProblem(host);
}

function bracketProblem(host: string): string | undefined {
  const close = host.lastIndexOf("]");
  if (close < 0) return "the bracket of the IPv6 address is not closed";
  if (!PORT.test(host.slice(close + 1))) return BAD_PORT;
  const inside = host.slice(1, close);
  const zoneAt = inside.indexOf("%25");
  const address = zoneAt < 0 ? inside : inside.slice(0, zoneAt);
  const zone = zoneAt < 0 ? undefined : inside.slice(zoneAt + 3);
  if (hostCharacterProblem(address) !== undefined || !isIPv6(address) || zone === "") return BAD_ADDRESS;
  if (zone === undefined) return undefined;
  if (escapeProblem(zone) !== undefined) return BARE_PERCENT;
  const decoded = zone.replaceAll(/%([0-9a-f]{2})/gi, (escape, digits: string) =>
    /%2[05]/.test(escape) ? "" : String.fromCharCode(parseInt(digits, 16)),
  );
  return HOST_CHARACTERS.test(decoded) ? undefined : BAD_ADDRESS;
}

/** Beyond ASCII everything is accepted, and only such bytes, and the percent sign, may be escaped. */
const HOST_CHARACTERS = /^[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"\u0080-\uffff]*$/;

function hostCharacterProblem(host: string): string | undefined {
  if (escapeProblem(host) !== undefined) return BARE_PERCENT;
  return HOST_CHARACTERS.test(host.replaceAll(/%(?:25|[89a-f][0-9a-f])/gi, "")) ? undefined : BAD_HOST;
}

/**
 * An http or https URL that both Go and this program read, or why it is none. Whatever says so was checked for its scheme before.
 */
export function httpUrl(text: string): URL | { readonly problem: string } {
  const problem = goUrlProblem(text);
  if (problem !== undefined) return { problem };
  if (!/^https?:\/\/[^/?#]/i.test(text)) return { problem: "two slashes and a host must follow the scheme" };
  // The parser of browsers knows less, such as ports up to 65535 only.
  return URL.canParse(text) ? new URL(text) : { problem: "the host or the port is none" };
}
