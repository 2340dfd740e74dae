import type { InstallConfig, RawVirtualization } from "../../install-config.ts";
import { forbidden, invalid, type IssueDraft, required } from "../../issue.ts";
import { label } from "./names.ts";

const AT = "virtualization.users";
// OpenShift's htpasswd provider takes MD5 and SHA-1 too; both are guessed in seconds.
const LINE = /^([^:\s]+):\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;

/** htpasswd logins. A line is never part of a message: it holds a hash. */
export function userRules({ distribution }: InstallConfig, { users }: RawVirtualization): readonly IssueDraft[] {
  if (users === undefined) return [];
  if (distribution === "kubernetes") return [forbidden(AT, "is a feature of OpenShift and OKD: upstream Kubernetes has no OAuth server")];
  const { htpasswd = "", clusterAdmins = [], roles = [], identityProvider } = users;
  const lines = htpasswd.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const issues: IssueDraft[] = [];
  if (lines.length === 0) issues.push(required(`${AT}.htpasswd`, "give at least one line, as `htpasswd -nbB NAME PASSWORD` prints it"));
  if (identityProvider !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(identityProvider))
    issues.push(invalid(`${AT}.identityProvider`, identityProvider, "must have letters, digits, '.', '_' and '-' only"));
  const names: string[] = [];
  for (const [index, line] of lines.entries()) {
    const name = LINE.exec(line.trim())?.[1];
    if (name === undefined) issues.push(invalid(`${AT}.htpasswd`, htpasswd, `line ${index + 1} must be name:hash with a bcrypt hash ($2y$…)`));
    else if (names.includes(name)) issues.push(invalid(`${AT}.htpasswd`, htpasswd, `line ${index + 1} names a user for the second time`));
    else names.push(name);
  }
  const known = (path: string, user: string | undefined): readonly IssueDraft[] =>
    user === undefined || user === "" ? [required(path, "name a user")] : names.includes(user) ? [] : [invalid(path, user, "is no user of htpasswd")];
  // Which names there are cannot be read from lines that are wrong.
  if (issues.length === 0) for (const [index, user] of clusterAdmins.entries()) issues.push(...known(`${AT}.clusterAdmins[${index}]`, user));
  for (const [index, { user, namespace, role }] of roles.entries()) {
    const at = `${AT}.roles[${index}]`;
    if (lines.length === names.length) issues.push(...known(`${at}.user`, user));
    if (namespace === undefined || namespace === "") issues.push(required(`${at}.namespace`, "name a namespace"));
    issues.push(...label(`${at}.namespace`, namespace === "" ? undefined : namespace));
    if (role === undefined) issues.push(required(`${at}.role`, "admin, edit or view"));
  }
  return issues;
}
