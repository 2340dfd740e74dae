import { invalid, type IssueDraft } from "../../issue.ts";

/** A namespace's name. */
export function label(path: string, text: string | undefined): readonly IssueDraft[] {
  if (text === undefined || /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) return [];
  return [invalid(path, text, "must be a DNS-1123 label: at most 63 lower-case letters, digits and '-'")];
}
