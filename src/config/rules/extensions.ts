import { parseDuration } from "../../util/index.ts";
import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft, unsupported } from "../issue.ts";
import { parseAddress } from "../network/address.ts";
import { isDomain } from "../network/dns-names.ts";
import { poolsOf } from "../pools.ts";
import { platformsOf } from "../platforms/registry.ts";

const SHORTEST = 60_000;
const LONGEST = 24 * 3_600_000;
/** The node image is built for no other. */
const NODE_IMAGE_ARCHITECTURE = "amd64";

/** Our own keys: timeouts, time servers, distribution; virtualization and the Machine API have rules of their own. */
export function extensionRules(config: InstallConfig): readonly IssueDraft[] {
  return [...timeoutRules(config), ...ntpRules(config), ...(config.distribution === "kubernetes" ? kubernetesRules(config) : [])];
}

function timeoutRules({ timeouts }: InstallConfig): readonly IssueDraft[] {
  return Object.entries(timeouts).flatMap(([key, text]) => {
    const path = `timeouts.${key}`;
    const milliseconds = parseDuration(text);
    if (milliseconds === undefined) return [invalid(path, text, "must be a duration, such as 45m or 1h30m")];
    return milliseconds < SHORTEST || milliseconds > LONGEST ? [invalid(path, text, "must be between 1m and 24h")] : [];
  });
}

function ntpRules({ additionalNTPServers = [] }: InstallConfig): readonly IssueDraft[] {
  return additionalNTPServers.flatMap((server, index) =>
    parseAddress(server) !== undefined || isDomain(server)
      ? []
      : [invalid(`additionalNTPServers[${index}]`, server, "must be an IP address or a domain name")],
  );
}

function kubernetesRules(config: InstallConfig): readonly IssueDraft[] {
  const foreign = platformsOf(config).filter(({ makesMachines }) => !makesMachines);
  return [
    ...foreign.map(({ name }) => invalid("distribution", "kubernetes", `cannot run on platform ${name}; use openshift or okd there`)),
    ...poolsOf(config).flatMap(({ path, pool }) =>
      pool.architecture === NODE_IMAGE_ARCHITECTURE ? [] : [unsupported(`${path}.architecture`, pool.architecture, [NODE_IMAGE_ARCHITECTURE])],
    ),
  ];
}
