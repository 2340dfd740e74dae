import { redactCredentials } from "../util/index.ts";

const MARK = "[redacted]";
const SHORTEST = 6;

/** Knows the secrets of a run and takes them out of any text, also when base64- or JSON-encoded; and with them all credentials in URLs. */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** Values shorter than six characters are not secrets that can be distinguished from ordinary text. */
  add(...secrets: readonly (string | undefined)[]): void {
    for (const secret of secrets) {
      if (secret === undefined || secret.trim().length < SHORTEST) continue;
      const text = secret.trim();
      this.#secrets.add(text);
      this.#secrets.add(Buffer.from(text).toString("base64"));
      this.#secrets.add(Buffer.from(secret).toString("base64"));
      this.#secrets.add(JSON.stringify(text).slice(1, -1));
      this.#secrets.add(encodeURIComponent(text));
      // Logs are read line by line, so each long line of a PEM block is a secret too.
      for (const line of text.split("\n")) if (line.length >= 40) this.#secrets.add(line);
    }
  }

  redact(text: string): string {
    let clean = text;
    for (const secret of [...this.#secrets].toSorted((a, b) => b.length - a.length)) clean = clean.replaceAll(secret, MARK);
    // JSON Web Tokens, whosesoever: both of their parts begin with `{"`.
    clean = clean.replaceAll(/\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{20,}/g, MARK);
    return redactCredentials(clean).replaceAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, MARK);
  }

  /** Redacts every string inside a JSON-like value. */
  redactValue<T>(value: T): T {
    if (typeof value === "string") return this.redact(value) as T;
    if (Array.isArray(value)) return value.map((item: unknown) => this.redactValue(item)) as T;
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.redactValue(item as unknown)])) as T;
    return value;
  }
}
