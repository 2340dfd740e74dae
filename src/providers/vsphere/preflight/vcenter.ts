import { type ErrorId, isInstallerError, messageOf } from "../../../errors/index.ts";
import { collect, collectHosts } from "../inventory.ts";
import { failed, ok, skipped, warning, type Finding } from "../../preflight/check.ts";
import { govcOf, type CheckInput } from "./check.ts";

export async function checkTools({ run, signal }: CheckInput): Promise<Finding> {
  try {
    const { stdout } = await run("govc", ["version"], { signal });
    return ok(stdout.trim());
  } catch (error) {
    if (isInstallerError(error) && error.id === "EXEC_NOT_FOUND")
      return failed(
        "govc is not installed",
        "Run `virt-ipi setup --platform vsphere`, or install govc from https://github.com/vmware/govmomi/releases.",
      );
    throw error;
  }
}

/** The part of the first login's answer that one check is about: the others leave it to its own check. */
function judgeLogin(id: ErrorId, good: string, later: readonly ErrorId[]): (input: CheckInput) => Promise<Finding> {
  return ({ logins }) => {
    for (const [server, login] of logins) {
      if (!("error" in login)) continue;
      const { error } = login;
      if (isInstallerError(error) && later.includes(error.id)) continue;
      if (isInstallerError(error) && error.id === id) return Promise.resolve(failed(messageOf(error), error.advice));
      if (id === "VCENTER_UNREACHABLE")
        return Promise.resolve(failed(messageOf(error), `Check ${server} with a browser, and the log file of the cluster folder.`));
    }
    return Promise.resolve(ok(`${good}: ${[...logins.keys()].join(", ")}`));
  };
}

export const checkReachable = judgeLogin("VCENTER_UNREACHABLE", "answers", ["VCENTER_CERTIFICATE", "VCENTER_LOGIN"]);
export const checkCertificate = judgeLogin("VCENTER_CERTIFICATE", "verified", ["VCENTER_LOGIN"]);
export const checkLogin = judgeLogin("VCENTER_LOGIN", "logged in", []);

interface Least {
  readonly version: readonly number[];
  readonly build: number;
  readonly text: string;
}

/** 7.0 U2 and the first builds of 8.0; source: openshift/installer's vSphere requirements, by description. */
const LEAST_VCENTER: Readonly<Record<number, Least>> = {
  7: { version: [7, 0, 2], build: 17_694_817, text: "7.0.2 build 17694817" },
  8: { version: [8, 0, 0], build: 20_519_528, text: "8.0 build 20519528" },
};
const LEAST_ESXI: Readonly<Record<number, Least>> = {
  7: { version: [7, 0, 2], build: 17_630_552, text: "7.0.2 build 17630552" },
  8: { version: [8, 0, 0], build: 20_513_097, text: "8.0 build 20513097" },
};

export async function checkVersions(input: CheckInput): Promise<Finding> {
  const found: string[] = [];
  const old: string[] = [];
  const judge = (what: string, version: string, build: number, least: Readonly<Record<number, Least>>): void => {
    found.push(`${what} ${version}`);
    const reason = tooOld(version, build, least);
    if (reason !== undefined) old.push(`${what} has ${version} build ${build}, ${reason}`);
  };
  for (const [server, login] of input.logins) if (!("error" in login)) judge(server, login.version, login.build, LEAST_VCENTER);
  for (const [cluster, server] of clustersOf(input)) {
    for (const [path, found] of await collectHosts(govcOf(input, server), cluster, ["config.product"])) {
      const product = found["config.product"] as { version: string; build: string } | undefined;
      if (product !== undefined) judge(path, product.version, Number(product.build), LEAST_ESXI);
    }
  }
  if (old.length > 0) return failed(old.join("; "), "Upgrade to vSphere 8, or at least to 7.0 Update 2.");
  if (found.some((text) => / 7\./.test(text))) return warning(found.join(", "), "vSphere 7 is at its end of life: plan the upgrade to 8.");
  return ok(found.join(", "));
}

export function tooOld(version: string, build: number, least: Readonly<Record<number, Least>>): string | undefined {
  const parts = version.split(".").map(Number);
  const [major = 0] = parts;
  if (major > 8) return undefined;
  const needed = least[major];
  if (needed === undefined) return "which is too old";
  const isOlder = compare(parts, needed.version) < 0 || (compare(parts, needed.version) === 0 && build < needed.build);
  return isOlder ? `older than ${needed.text}` : undefined;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const LARGEST_SKEW_MS = 60_000;

/** Tokens of vCenter and certificates of the cluster both stop working when clocks disagree. */
export async function checkClock(input: CheckInput): Promise<Finding> {
  const found: string[] = [];
  for (const [server, govc] of input.vcenters) {
    const session = (await collect(govc, "SessionManager:SessionManager", ["currentSession"]))?.["currentSession"] as
      | { loginTime?: string }
      | undefined;
    const time = Date.parse(session?.loginTime ?? "");
    if (Number.isNaN(time)) return skipped(`${server} does not report its time`);
    const seconds = Math.round((time - Date.now()) / 1_000);
    if (Math.abs(seconds) * 1_000 > LARGEST_SKEW_MS)
      return failed(
        `the clock of ${server} is ${Math.abs(seconds)} s ${seconds > 0 ? "ahead of" : "behind"} this host's`,
        "Synchronise both clocks (NTP).",
      );
    found.push(`${server} differs by ${seconds} s`);
  }
  return ok(found.join(", "));
}

/** Each compute cluster of the domains with its server, as far as they were found. */
export const clustersOf = ({ found }: Pick<CheckInput, "found">): readonly (readonly [cluster: string, server: string])[] => {
  const there = "error" in found ? [] : found.filter(({ ids }) => ids !== undefined);
  return [
    ...new Map(
      there.map(({ domain: { topology, server } }) => [`${server}${topology.computeCluster}`, [topology.computeCluster, server] as const]),
    ).values(),
  ];
};
