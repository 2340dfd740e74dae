/**
 * Credentials inside texts: user names and passwords of URLs, however badly the URL is written, and secret query parameters. Where it is
 * doubtful whether something is one, it is taken for one. All regular expressions are of bounded length: texts can be megabytes.
 */

export const REDACTED = "<redacted>";

/** A digest of an image stands behind an `@` too. */
const NO_USERINFO = /^sha\d{3}:/;
const SCHEME = /[a-z][a-z0-9+.-]{0,20}:\/+/i;
/** With these a name before the `@` is nothing but a login; everywhere else it may be a token. */
const LOGIN = /(?:^|\+)(?:ssh|libssh2?):\/+$/i;

const PARAMETER =
  /((?:[?&;#][\w.-]{0,40}?(?:token|passw|pwd|secret|sig|key|cred|auth)[\w.-]{0,40}|\b(?:password|passwd|passphrase|pwd|token|secret|client[-_]?secret|api[-_]?key|access[-_]?key))=)([^\s&;#"'<>`\\]+)/gi;

/** `scheme://user:pass word@`; no port stands after the colon, and what is quoted ends with its quote. */
const WITH_BLANKS =
  /([a-z][a-z0-9+.-]{0,20}:\/+)[^\s/@:"]{0,200}:(?!\d{1,5}(?:[/\s?#"',;)\]]|$))[^"\n@]{0,300}@(?!sha\d{3}:)(?:[^\s"@]{0,300}@(?!sha\d{3}:))*/gi;

/**
 * Text of any kind and length (a message, a log, a manifest) without the credentials in it: `http://u:p@proxy` becomes
 * `http://<redacted>@proxy`, and so do `http:/u:p@proxy`, `corp\u:p@proxy`, `http://u:p p@proxy` and `?token=…`. Up to the last `@`, since
 * people forget to escape what a password holds.
 */
export function redactCredentials(text: string): string {
  const clean = text.includes("@") ? text.replaceAll(WITH_BLANKS, `$1${REDACTED}@`).replaceAll(/[^\s"`<>]+/g, redactWord) : text;
  return clean.includes("=") ? clean.replaceAll(PARAMETER, `$1${REDACTED}`) : clean;
}

/** A run of characters without blanks and quotes. */
function redactWord(word: string): string {
  const end = word.includes("@") ? lastAt(word) : -1;
  const [scheme] = SCHEME.exec(word.slice(0, Math.max(0, end))) ?? [];
  if (end < 0 || scheme === "file:///") return word;
  const start = scheme === undefined ? 0 : word.indexOf(scheme) + scheme.length;
  const userinfo = word.slice(start, end);
  if (userinfo === "" || (!userinfo.includes(":") && (scheme === undefined || LOGIN.test(scheme)))) return word;
  return `${word.slice(0, start)}${REDACTED}${word.slice(end)}`;
}

/** Index of the last `@` that ends a user name or password; -1 if there is none. */
function lastAt(text: string): number {
  for (let at = text.lastIndexOf("@"); at >= 0; at = at === 0 ? -1 : text.lastIndexOf("@", at - 1))
    if (!NO_USERINFO.test(text.slice(at + 1, at + 8))) return at;
  return -1;
}

/** What could begin a URL, then a colon that no port follows: a password whose `@host` was forgotten. Also where it became a part of a path. */
const HALF_WRITTEN = /(?:^\s*|\/)(?:[a-z][a-z0-9+.-]{0,20}:\/+|(?:https?|[a-z]{1,20}\+[a-z]{1,20}):)[^/?#[\s]{0,200}?:(?!\d*(?:[/?#]|$))/i;
const WELL_FORMED = /^([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s]*@([^\s@]*)$/i;

/** Where the credentials of one whole value end, if it looks as though it had any: stricter than for a text, in which much may stand. */
function endOfUserinfo(value: string): number | undefined {
  const decoded = value.replaceAll(/%40/g, "../../@").replaceAll(/%3a/gi, ":::");
  const end = lastAt(decoded);
  if (end > 0 && decoded.slice(0, end).includes(":")) return lastAt(value);
  return HALF_WRITTEN.test(value) ? value.length : undefined;
}

/**
 * One whole value, such as a field of an install-config, without the credentials in it. A well-formed URL keeps its host; anything else
 * that looks as though it had a password is not shown at all.
 */
export function redactValue(value: string): string {
  if (endOfUserinfo(value) === undefined) return redactCredentials(value);
  const [, scheme, rest] = WELL_FORMED.exec(value) ?? [];
  return scheme === undefined || rest === undefined ? REDACTED : redactCredentials(`${scheme}${REDACTED}@${rest}`);
}

/** The secret parts of a value, as they are written and decoded: what must not be seen wherever else the value is quoted. */
export function credentialsIn(value: string): readonly string[] {
  const found = new Set<string>();
  const add = (text: string): void => {
    for (const form of [text, percentDecoded(text)]) if (form !== "") found.add(form);
  };
  for (const part of new Set([value, ...value.split(/[\s,]+/)])) {
    const end = endOfUserinfo(part);
    if (end === undefined) continue;
    const userinfo = part.slice(0, end < 0 ? part.length : end).replace(/^\s*[a-z][a-z0-9+.-]{0,20}:\/+/i, "");
    add(userinfo);
    add(userinfo.slice(userinfo.indexOf(":") + 1));
  }
  for (const [, , secret = ""] of value.matchAll(PARAMETER)) add(secret);
  return [...found];
}

/** `%41` to `A`; bytes that are no UTF-8, and a bare `%`, do no harm. */
export const percentDecoded = (text: string): string => percentDecodedBytes(text).toString("utf8");

/** As `percentDecoded`, as bytes. */
export function percentDecodedBytes(text: string): Buffer {
  return Buffer.concat(
    text.split(/(%[0-9a-f]{2})/i).map((part) => (/^%[0-9a-f]{2}$/i.test(part) ? Buffer.from(part.slice(1), "hex") : Buffer.from(part))),
  );
}
