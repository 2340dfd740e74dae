import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { kvmInstallation, type Installation } from "../helpers/kvm-installation.ts";

/** Plain `pulumi` from nothing to a cluster and back, with the CLI looking on: neither knows which of them did what. */
const CLUSTER = "plain";
const STACK_CONFIG = join(import.meta.dirname, `../../Pulumi.${CLUSTER}.yaml`);

let one: Installation;

beforeAll(async () => {
  await rm(STACK_CONFIG, { force: true });
  one = await kvmInstallation([[["metadata", "name"], CLUSTER]]);
});

afterAll(async () => {
  await rm(STACK_CONFIG, { force: true });
  await one.dispose();
});

it("makes a cluster by the first up and removes the bootstrap machine by the second", async () => {
  await one.pulumi("stack", "init", CLUSTER);
  const first = await one.pulumi("up", "--yes", "--skip-preview");
  expect(first.stdout).toContain("the next `pulumi up` removes it");
  expect(await names()).toHaveLength(3);
  const second = await one.pulumi("up", "--yes", "--skip-preview");
  expect(second.stdout).toMatch(/1 deleted|3 deleted/);
  expect((await names()).some((name) => name.endsWith("-bootstrap"))).toBe(false);
});

it("leaves the CLI nothing to do", async () => {
  const again = await one.cli(["create", "cluster"]);
  expect(again.code, again.output).toBe(0);
  expect(again.events.filter((event) => event["type"] === "resource" && event["status"] === "done" && event["operation"] !== "same")).toEqual([]);
  const { stdout } = await one.kubectl(["get", "nodes", "--no-headers"]);
  expect(stdout.match(/ Ready /g)).toHaveLength(2);
});

it("destroys what is there, and the CLI then finds nothing left", async () => {
  await one.pulumi("destroy", "--yes", "--skip-preview");
  expect(await names()).toEqual([]);
  const { infraID } = JSON.parse(await readFile(join(one.dir, "metadata.json"), "utf8")) as { infraID: string };
  const destroyed = await one.cli(["destroy", "cluster"]);
  expect(destroyed.code, destroyed.output).toBe(0);
  expect(destroyed.output).toContain(infraID);
  expect(destroyed.output).toContain("nothing was left");
});

async function names(): Promise<string[]> {
  const { stdout } = await one.host.exec(["virsh", "list", "--all", "--name"]);
  return stdout
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}
