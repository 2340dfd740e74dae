import type { Environment } from "../../../util/index.ts";

/** Why a connection URI is not taken. */
export interface ConnectionUriProblem {
  readonly message: string;
  /** Set when the scheme is none of these. */
  readonly supported?: readonly string[];
}

/** Names, separated by commas, of parameters that are refused else. */
export const ALLOWED_PARAMETERS_VARIABLE = "VIRT_IPI_LIBVIRT_URI_PARAMETERS";

const LONGEST = 1024;
const SUPPORTED = ["qemu", "qemu+ssh", "qemu+tls", "qemu+unix"] as const;
const REMOTE: ReadonlySet<string> = new Set(["qemu+ssh", "qemu+tls"]);
/** libvirt's own mock driver. */
const MOCK = "test";

/** Parameters of libvirt's remote driver that say how to reach a daemon. Source: libvirt.org/uri.html */
const HARMLESS: ReadonlySet<string> = new Set(["socket", "mode", "proxy", "keyfile", "known_hosts", "no_tty", "sshauth"]);
/** Those that run a program, here or there, trust a server unseen, or have the daemon open a further URI. */
const GUARDED: ReadonlySet<string> = new Set(["command", "netcat", "pkipath", "no_verify", "known_hosts_verify", "tls_priority", "name"]);

/**
 * What is wrong with a connection URI of libvirt: one rule for the install-config, for the provider and for metadata.json, since
 * who writes any of them would else have this user run programs. Undefined: nothing.
 * @param env where ALLOWED_PARAMETERS_VARIABLE may stand
 */
export function connectionUriProblem(uri: string, env: Environment): ConnectionUriProblem | undefined {
  if (uri.length > LONGEST) return { message: `has ${uri.length} characters; at most ${LONGEST} are accepted` };
  if (/[\s\p{Cc}]/u.test(uri)) return { message: "must not have blanks or control characters" };
  const [scheme = "", ...others] = uri.split("://");
  const rest = others.join("://");
  if (others.length === 0 || !/^[a-z][a-z\d+.-]*$/i.test(scheme)) return { message: "must be an absolute libvirt URI, such as qemu:///system" };
  if (scheme !== MOCK && !SUPPORTED.some((known) => known === scheme))
    return { message: `has the scheme ${scheme}; supported: ${SUPPORTED.join(", ")}`, supported: SUPPORTED };
  if (rest.includes("#")) return { message: "must not have a fragment (#)" };
  const [target = "", ...query] = rest.split("?");
  const [authority = "", ...path] = target.split("/");
  const message =
    authorityProblem(scheme, authority) ?? pathProblem(scheme, path.join("/")) ?? parametersProblem(query.join("?"), allowedParameters(env));
  return message === undefined ? undefined : { message };
}

function authorityProblem(scheme: string, authority: string): string | undefined {
  if (!REMOTE.has(scheme)) {
    if (authority === "") return undefined;
    return scheme === "qemu"
      ? "names a host without a way to it; write qemu+ssh://user@host/system or qemu+tls://host/system"
      : "must not name a host";
  }
  const at = authority.lastIndexOf("@");
  const user = decoded(authority.slice(0, Math.max(at, 0)));
  if (user === undefined) return "has a % that is not part of a %XX";
  if (user.includes(":")) return "must not carry a password; use a key of ssh";
  // What begins with a hyphen would be an option of ssh.
  if ((at >= 0 && user === "") || user.startsWith("-") || /[\s\p{Cc}@]/u.test(user)) return "has an invalid user name";
  const [, host, port] = /^(\[[\da-f:.]+\]|[a-z\d_][a-z\d_.-]*)?(?::(\d{1,5}))?$/i.exec(authority.slice(at + 1)) ?? [authority, authority, "0"];
  if (host === undefined || host === "") return `names no host to reach by ${scheme.slice("qemu+".length)}`;
  return port === "0" || Number(port ?? 0) > 65_535 ? "has an invalid host or port" : undefined;
}

function pathProblem(scheme: string, path: string): string | undefined {
  if (path === "") return "names no daemon; write qemu:///system or qemu+ssh://user@host/system";
  return scheme === MOCK || path === "system" || path === "session" ? undefined : "names neither /system nor /session";
}

function parametersProblem(query: string, allowed: ReadonlySet<string>): string | undefined {
  // libvirt separates by either, and takes names in any case.
  for (const parameter of query.split(/[&;]/).filter((part) => part !== "")) {
    const name = decoded(parameter.split("=", 1)[0] ?? "")?.toLowerCase();
    if (name === undefined || decoded(parameter) === undefined) return "has a % that is not part of a %XX";
    if (HARMLESS.has(name) || (GUARDED.has(name) && allowed.has(name))) continue;
    if (!GUARDED.has(name)) return `has a parameter "${name}", which libvirt does not know`;
    return `has the parameter ${name}, which could run programs or trust any server; ${ALLOWED_PARAMETERS_VARIABLE}=${name} in the environment allows it`;
  }
  return undefined;
}

const allowedParameters = (env: Environment): ReadonlySet<string> =>
  new Set((env[ALLOWED_PARAMETERS_VARIABLE] ?? "").split(",").map((name) => name.trim().toLowerCase()));

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
