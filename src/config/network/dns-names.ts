const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const LONGEST_LABEL = 63;
const LONGEST_DOMAIN = 253;

/** What is wrong with a text as a DNS-1123 subdomain; undefined if nothing. A single label is one too. */
export function subdomainProblem(text: string): string | undefined {
  if (text === "") return "must not be empty";
  if (text.length > LONGEST_DOMAIN) return `must have at most ${LONGEST_DOMAIN} characters`;
  return text.split(".").every((label) => LABEL.test(label))
    ? undefined
    : "must be a DNS-1123 subdomain: lower-case letters, digits, '-' and '.', each part beginning and ending with a letter or digit";
}

/** True for a DNS name whose labels also have a legal length. */
export const isDomain = (text: string): boolean =>
  subdomainProblem(text) === undefined && text.split(".").every((label) => label.length <= LONGEST_LABEL);
