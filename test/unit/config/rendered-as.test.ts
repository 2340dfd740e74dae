import { stringify } from "yaml";
import { beforeAll, describe, expect, it } from "vitest";
import type { KeyStore } from "../../../src/assets/index.ts";
import { PLATFORM_NAMES } from "../../../src/config/platforms/registry.ts";
import { PLATFORMS } from "../../../src/config/platforms/supported.ts";
import { type ClusterSpec, type Distribution, parseInstallConfig } from "../../../src/config/index.ts";
import { fixtureKeys, inputOf, renderScenario } from "../../golden/openshift/scenarios.ts";
import { IDENTITY } from "./verdicts/identity.ts";
import { KVM } from "./verdicts/kvm.ts";
import { MODES } from "./verdicts/modes.ts";
import { NETWORK_SENSE } from "./verdicts/network-sense.ts";
import { NETWORKING } from "./verdicts/networking.ts";
import { POOLS } from "./verdicts/pools.ts";
import { type Case, dualStack, kvm, kvmBridge, PULL_SECRET, type Tree, yamlOf } from "./verdicts/support.ts";
import { VIPS } from "./verdicts/vips.ts";

/**
 * Platforms that OpenShift does not have: their assets are those of another one, and the install-config in them must be one that OpenShift's own installer
 * would take. Every change of the tables of verdicts is tried on them, whatever platform it was written for.
 */
const DISTRIBUTIONS: readonly Distribution[] = ["openshift", "okd"];
const VERSIONS = ["4.19", "4.21", "5.0"];
const TABLES: readonly (readonly Case[])[] = [IDENTITY, KVM, MODES, NETWORK_SENSE, NETWORKING, POOLS, VIPS];
const bases: Readonly<Record<string, () => Tree>> = { kvm, kvmBridge, "kvmBridge, dual-stack": () => dualStack(kvmBridge) };

interface Found {
  readonly title: string;
  readonly text: string;
  readonly spec: ClusterSpec;
}

const FOUND: readonly Found[] = Object.entries(bases).flatMap(([name, base]) =>
  TABLES.flat().flatMap(([title, , change], index) => {
    const distribution = DISTRIBUTIONS[index % DISTRIBUTIONS.length];
    const version = VERSIONS[index % VERSIONS.length];
    const text = yamlOf(base, { pullSecret: PULL_SECRET, release: { version }, ...change, distribution });
    const { spec } = parseInstallConfig(text);
    return spec === undefined || !isForeign(spec) ? [] : [{ title: `${name}: ${title}`, text, spec }];
  }),
);

/** Of a platform whose assets are another's. */
function isForeign({ platform }: ClusterSpec): boolean {
  return PLATFORMS.some(({ name, openshift }) => name === platform.name && "as" in openshift);
}

/** Secrets are blank in what the cluster keeps; the user still has them. */
const complete = ({ openshift, pullSecret, proxy }: ClusterSpec): string =>
  stringify({ ...openshift?.config, pullSecret, proxy, sshKey: openshift?.sshKey }, { version: "1.1", lineWidth: 0 });

it("enough is tried", () => {
  expect(FOUND.length).toBeGreaterThan(150);
});

describe("the platform that OpenShift knows", () => {
  it.each(FOUND)("$title", ({ spec }) => {
    const { errors, spec: rendered } = parseInstallConfig(complete(spec));
    expect(errors).toEqual([]);
    expect(rendered?.platform).toEqual(spec.openshift?.platform);
    expect(PLATFORM_NAMES).toContain(rendered?.platform.name);
    // Nothing of the cluster's own platform is told to OpenShift's operators.
    expect(JSON.stringify(spec.openshift)).not.toContain(`"${spec.platform.name}":`);
  });
});

describe("all of it can be rendered", () => {
  let keys: KeyStore;
  beforeAll(async () => {
    keys = await fixtureKeys(await inputOf("baremetal", "4.21"), false);
  });

  // One in ten: each takes as long as hundreds of verdicts.
  it.each(FOUND.filter((_, index) => index % 10 === 0))("$title", async ({ text }) => {
    const assets = await renderScenario(text, keys, undefined, false);
    expect([...assets.keys()]).toEqual(expect.arrayContaining(["bootstrap.ign", "openshift/99_baremetal-provisioning-config.yaml"]));
    expect([...assets.keys()].filter((path) => /machines|machineset|_hosts-/.test(path))).toEqual([]);
  });
});
