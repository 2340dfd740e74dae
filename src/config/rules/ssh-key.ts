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
  const [type, blob] = words.slice(at, at + 2);
  return at >= 0 && type !== undefined && blob !== undefined && isKeyBlob(blob, type) ? type : undefined;
}

const KEY_BEGINNING = /(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d+|sk-[a-z0-9-]+@openssh\.com)[ \t]+AAAA/g;

/** True where keys were joined to one line, as YAML does after `>`: only the first would count. */
export const holdsSeveralKeys = (line: string): boolean => [...line.matchAll(KEY_BEGINNING)].length > 1;

/** RFC 4253 §6.6: base64 of length-prefixed parts, the first of which repeats the type. */
function isKeyBlob(base64: string, type: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return false;
  const bytes = Buffer.from(base64, "base64");
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) return false;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return false;
    parts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return parts[0]?.toString("latin1") === type && parts.length >= 2 && (type !== "ssh-ed25519" || parts[1]?.length === 32);
}
