import { forbidden, invalid, type IssueDraft, stricter } from "../issue.ts";
import type { Positions } from "../positions.ts";

/** Where the conversion of deprecated keys notes what it found, and where values came from. */
export interface Conversion {
  readonly positions: Positions;
  readonly errors: IssueDraft[];
  readonly warnings: IssueDraft[];
}

interface OldVips {
  apiVIPs?: string[] | undefined;
  ingressVIPs?: string[] | undefined;
  apiVIP?: string | undefined;
  ingressVIP?: string | undefined;
}

/** The single VIPs of before OpenShift 4.12 to the lists, beside which they stay. @param path of the platform */
export function convertVips<T extends OldVips>(platform: T, path: string, { positions, errors, warnings }: Conversion): T {
  const { apiVIP, ingressVIP } = platform;
  const one = (from: string, to: string, single: string | undefined, many: string[] | undefined): string[] | undefined => {
    if (single === undefined || single === "") return many;
    warnings.push(forbidden(`${path}.${from}`, `is deprecated; use ${to}`));
    if (many === undefined || many.length === 0) positions.moved(`${path}.${to}`, `${path}.${from}`);
    else if (many[0] !== single) {
      const issue = invalid(`${path}.${from}`, single, `${from} is deprecated and differs from the first of ${to}; keep ${to} only`);
      errors.push(many.includes(single) ? stricter(issue) : issue);
    }
    return many === undefined || many.length === 0 ? [single] : many;
  };
  const apiVIPs = one("apiVIP", "apiVIPs", apiVIP, platform.apiVIPs);
  const ingressVIPs = one("ingressVIP", "ingressVIPs", ingressVIP, platform.ingressVIPs);
  return { ...platform, ...(apiVIPs === undefined ? {} : { apiVIPs }), ...(ingressVIPs === undefined ? {} : { ingressVIPs }) };
}
