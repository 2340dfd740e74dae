const TYPES: ReadonlySet<string> = new Set([
  "ssh-rsa",
  "ssh-ed25519",
  "ssh-dss",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
]);

/** The public keys of an authorized_keys text: lines that are neither empty nor comments. */
export const sshKeyLines = (text: string): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));

/** The type of one public key line, or undefined if it is not one. Options before the type are skipped. */
export function sshKeyType(line: string): string | undefined {
  const words = line.split(/[ \t]+/);
  const at = words.findIndex((word) => TYPES.has(word));
  const [type, blob = ""] = words.slice(at, at + 2);
  return at >= 0 && blobType(blob) === type ? type : undefined;
}

/** The type that Go's ssh package sees in a line: it reads what follows the first word, or the options, and not that word. */
export function sshKeyTypeToGo(line: string): string | undefined {
  const [, ofFirst = ""] = /^\S+[ \t]+(\S+)/.exec(line) ?? [];
  const [, ofOptions = ""] = /^(?:"(?:\\.|[^"\\])*"|[^\s"])+[ \t]+\S+[ \t]+(\S+)/.exec(line) ?? [];
  return blobType(ofFirst) ?? blobType(ofOptions);
}

const KEY_BEGINNING = /(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d+|sk-[a-z0-9-]+@openssh\.com)[ \t]+AAAA/g;

/** True where keys were joined to one line, as YAML does after `>`: only the first would count. */
export const holdsSeveralKeys = (line: string): boolean => [...line.matchAll(KEY_BEGINNING)].length > 1;

/** RFC 4253 §6.6: base64 of length-prefixed parts, the first of which is the type. */
function blobType(base64: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const bytes = Buffer.from(base64, "base64");
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    parts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  const type = parts[0]?.toString("latin1") ?? "";
  return TYPES.has(type) && parts.length >= 2 && (type !== "ssh-ed25519" || parts[1]?.length === 32) ? type : undefined;
}
