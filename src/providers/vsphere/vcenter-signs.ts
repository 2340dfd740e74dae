import type { ErrorId } from "../../errors/index.ts";

interface Sign {
  readonly id: ErrorId;
  readonly regex: RegExp;
  readonly what: (server: string) => string;
}

/** What a message means, the first that fits. Both govc and the official provider say what govmomi says. */
const SIGNS: readonly Sign[] = [
  {
    id: "VCENTER_LOGIN",
    regex: /incorrect user name or password|Cannot complete login|Login failure|InvalidLogin|401 Unauthorized|account.*locked/i,
    what: (server) => `${server} refuses the login`,
  },
  {
    id: "VCENTER_CERTIFICATE",
    regex: /x509:|certificate signed by unknown authority|tls: failed to verify/i,
    what: (server) => `the certificate of ${server} cannot be verified`,
  },
  {
    id: "VCENTER_PRIVILEGE",
    regex: /Permission to perform this operation was denied|NoPermission|403 Forbidden/i,
    what: (server) => `${server} denies an operation`,
  },
  {
    id: "VCENTER_UNREACHABLE",
    regex:
      /dial tcp|use of closed network connection|broken pipe|no such host|connection refused|connection reset|i\/o timeout|TLS handshake timeout|\bEOF\b|50[0234] [A-Z]|unsupported protocol scheme|Client\.Timeout|server gave HTTP response/i,
    what: (server) => `${server} does not answer`,
  },
  {
    id: "NAME_TAKEN",
    regex: /\bDuplicateName\b/,
    what: (server) => `${server} has something of that name already`,
  },
];

/** What vCenter's message means; undefined: nothing in particular. */
export const vcenterSign = (message: string): Sign | undefined => SIGNS.find(({ regex }) => regex.test(message));

/** The error for a failure of a resource of the official provider, or of that provider itself; undefined for any other type. */
export function vsphereErrorId(type: string, message: string): ErrorId | undefined {
  if (!/^(pulumi:providers:)?vsphere(:|$)/.test(type)) return undefined;
  return vcenterSign(message)?.id ?? "VCENTER_FAILED";
}
