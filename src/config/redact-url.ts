export const REDACTED = "<redacted>";

/**
 * Takes user name and password out of every URL inside a short text: `http://u:p@proxy` becomes `http://<redacted>@proxy`.
 * Up to the last `@`, since people forget to escape what a password holds. Quadratic in the length of the text.
 */
export function redactUrlPassword(text: string): string {
  return text.replaceAll(/([a-z][a-z0-9+.-]{0,20}:\/\/)\S*@/gi, `$1${REDACTED}@`);
}
