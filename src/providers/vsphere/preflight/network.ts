import { lookup } from "node:dns/promises";
import { connect } from "node:net";
import { find } from "../inventory.ts";
import { lastOf } from "../names.ts";
import { failed, ok, skipped, warning, type Finding } from "../../preflight/check.ts";
import { answersPing } from "../../preflight/ping.ts";
import { govcOf, type CheckInput } from "./check.ts";
import { clustersOf } from "./vcenter.ts";

/** Somebody who answers for a VIP that is not up yet would take the cluster's traffic. */
export async function checkVips({ spec, existing, run, signal }: CheckInput): Promise<Finding> {
  const vips = [...new Set([...spec.vips.api, ...spec.vips.ingress])];
  if (vips.length === 0) return skipped("the cluster has no virtual addresses");
  if (spec.loadBalancer === "UserManaged") return skipped("the addresses are those of your load balancer");
  if (existing.size > 0) return skipped("machines of this cluster run already, and one of them has the VIP");
  for (const vip of vips) {
    if ((await answersPing(vip, run, signal)) || (await listens(vip, API_PORT)))
      return failed(`${vip} answers already`, "Free the address, or choose other apiVIPs and ingressVIPs.");
  }
  return ok(`nobody answers for ${vips.join(", ")}`);
}

const API_PORT = 6443;
const LOAD_BALANCED = [API_PORT, 22_623, 443, 80];
const CONNECT_MS = 3_000;

/** Of the documentation's range TEST-NET-2: nobody has it, so whoever answers there is a proxy that answers for everybody. */
const NOBODY = "198.51.100.1";

/** Whether somebody listens there, and not only a proxy on the way. */
async function listens(host: string, port: number): Promise<boolean> {
  return (await accepts(host, port)) && (isLoopback(host) || !(await accepts(NOBODY, port)));
}

const isLoopback = (host: string): boolean => host.startsWith("127.") || host === "::1";

async function accepts(host: string, port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(CONNECT_MS, () => end(false));
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}

/** The user's load balancer has to be there before the first machine asks for its Ignition config through it. */
export async function checkLoadBalancer({ spec }: CheckInput): Promise<Finding> {
  if (spec.loadBalancer !== "UserManaged") return skipped("the machines carry the virtual addresses themselves");
  const silent: string[] = [];
  for (const vip of [...new Set([...spec.vips.api, ...spec.vips.ingress])])
    for (const port of LOAD_BALANCED) {
      const isApi = port === API_PORT || port === 22_623;
      if ((isApi ? spec.vips.api : spec.vips.ingress).includes(vip) && !(await listens(vip, port))) silent.push(`${vip}:${port}`);
    }
  if (silent.length > 0)
    return warning(
      `nothing listens on ${silent.join(", ")}`,
      "Start the load balancer; it may well refuse connections as long as no machine is behind it.",
    );
  return ok("the load balancer listens");
}

/** @param name below the cluster's domain @param must whether the name has to be there at all */
function checkName(
  name: string,
  must: (input: CheckInput) => boolean,
  vipsOf: (input: CheckInput) => readonly string[],
): (input: CheckInput) => Promise<Finding> {
  return async (input) => {
    const host = `${name}.${input.spec.clusterDomain}`;
    const expected = vipsOf(input);
    const found = (await lookup(host, { all: true }).catch(() => [])).map(({ address }) => address);
    const fix = `Add a DNS record: ${host.replace(/^test\./, "*.")} ${expected.length === 0 ? "to your load balancer" : expected.join(", ")}.`;
    if (found.length === 0)
      return must(input) ? failed(`${host} does not resolve from here`, fix) : ok(`${host} does not resolve from here, which only the machines need`);
    const wrong = expected.length === 0 ? [] : found.filter((address) => !expected.includes(address));
    return wrong.length === 0 ? ok(`${host} is ${found.join(", ")}`) : failed(`${host} is ${wrong.join(", ")}, not ${expected.join(", ")}`, fix);
  };
}

export const checkDnsApi = checkName(
  "api",
  () => true,
  ({ spec }) => spec.vips.api,
);
/** Where the machines carry the VIPs they also resolve this name themselves. */
export const checkDnsApiInt = checkName(
  "api-int",
  ({ spec }) => spec.vips.api.length === 0 || spec.loadBalancer === "UserManaged",
  ({ spec }) => spec.vips.api,
);
export const checkDnsApps = checkName(
  "test.apps",
  () => true,
  ({ spec }) => spec.vips.ingress,
);

/** An OVA is uploaded straight to a host, whose name only vCenter may know. */
export async function checkEsxi(input: CheckInput): Promise<Finding> {
  if (input.domains.every(({ topology }) => topology.template !== undefined))
    return skipped("nothing is uploaded: every failure domain has a template");
  const bad: string[] = [];
  let count = 0;
  for (const [cluster, server] of clustersOf(input))
    for (const path of await find(govcOf(input, server), cluster, ["-type", "h"])) {
      count++;
      if (!(await listens(lastOf(path), 443))) bad.push(lastOf(path));
    }
  if (bad.length > 0)
    return warning(
      `port 443 cannot be reached on ${bad.join(", ")}`,
      "The image is uploaded straight to one of these hosts: let their names resolve from here and open port 443, or give a topology.template.",
    );
  return ok(`${count} hosts answer`);
}
