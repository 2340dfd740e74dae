import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import type { Vcsim } from "../../../tools/vcsim/index.ts";
import { programsFolder, testVcsim } from "../../helpers/vcsim.ts";
import { ask, login, soap } from "../../helpers/vcsim-soap.ts";

const HOSTILE_PASSWORD = `a$b"c\\d'e%f&g h`;

const MINUTE = 60_000;

let vcsim: Vcsim;

beforeAll(async () => {
  vcsim = await testVcsim({ user: "CORP\\installer", password: HOSTILE_PASSWORD, inventory: { datacenters: 2, clusters: 2, hosts: 1, pools: 1 } });
});

afterAll(async () => {
  await vcsim.stop();
});

beforeEach(async () => {
  await vcsim.control.clearRules();
});

const count = async (of: string): Promise<number> => (await vcsim.control.requests())[of] ?? 0;

const govcWith = (target: Vcsim, env: Readonly<Record<string, string>>, timeoutMs?: number): Promise<{ stdout: string }> =>
  run(join(programsFolder("govc"), "govc"), ["find", "/", "-type", "d"], { env: { ...target.govcEnv, ...env }, timeoutMs });

describe("the inventory", () => {
  it("is what was asked for", async () => {
    const { stdout } = await vcsim.govc("find", "/", "-type", "p");
    expect(stdout.split("\n").filter((line) => line.endsWith("_RP1"))).toEqual([
      "/DC0/host/DC0_C0/Resources/DC0_C0_RP1",
      "/DC0/host/DC0_C1/Resources/DC0_C1_RP1",
      "/DC1/host/DC1_C0/Resources/DC1_C0_RP1",
      "/DC1/host/DC1_C1/Resources/DC1_C1_RP1",
    ]);
    expect((await vcsim.govc("find", "/", "-type", "m")).stdout).toBe("");
  });

  it("has hosts and datastores of the size asked for, and a version of its own", async () => {
    await using other = await testVcsim({ inventory: { "host-memory": 12, "host-cpus": 3, "datastore-size": 50, hosts: 1 }, apiVersion: "7.0.3" });
    const host = JSON.parse((await other.govc("host.info", "-json", "/DC0/host/DC0_C0/*")).stdout) as {
      hostSystems: { summary: { hardware: { memorySize: number; numCpuCores: number } } }[];
    };
    expect(host.hostSystems[0]?.summary.hardware).toMatchObject({ memorySize: 12 * 2 ** 30, numCpuCores: 3 });
    const store = JSON.parse((await other.govc("datastore.info", "-json", "LocalDS_0")).stdout) as {
      datastores: { summary: { capacity: number; freeSpace: number } }[];
    };
    expect(store.datastores[0]?.summary).toMatchObject({ capacity: 50 * 2 ** 30, freeSpace: 50 * 2 ** 30 });
    expect((await other.govc("about")).stdout).toContain("7.0.3");
  });

  it("has a clock that can be wrong", async () => {
    await using other = await testVcsim({ clockSkew: 3600 });
    const { cookie } = await soap(other, login(other));
    const before = Date.now();
    const answer = await soap(other, CURRENT_TIME, cookie);
    const after = Date.now();
    const told = new Date(/<returnval[^>]*>([^<]+)</.exec(answer.text)?.[1] ?? "none").getTime();
    expect(told - before).toBeGreaterThan(3_599_000);
    expect(told - after).toBeLessThan(3_601_000);
  });
});

describe("logging in", () => {
  it("takes the one user only, with any character in name and password", async () => {
    await expect(vcsim.govc("about")).resolves.toMatchObject({ exitCode: 0 });
    const before = await count("/sdk Login");
    await expect(govcWith(vcsim, { GOVC_PASSWORD: "wrong" })).rejects.toThrow(/Login failure/);
    await expect(govcWith(vcsim, { GOVC_USERNAME: "installer" })).rejects.toThrow(/Login failure/);
    expect(await count("/sdk Login")).toBe(before + 2);
  });

  it("shows a certificate that only its own authority vouches for, and only for its names", async () => {
    await expect(govcWith(vcsim, { GOVC_TLS_CA_CERTS: "" })).rejects.toThrow(/unknown authority/);
    await using other = await testVcsim({ tlsNames: ["vcenter.example.com"] });
    await expect(govcWith(other, {})).rejects.toThrow(/127\.0\.0\.1/);
  });
});

describe("faults", () => {
  it("answers with a status as often as told, after letting some requests pass", async () => {
    await vcsim.control.addRules({ path: "/sdk", method: "Login", skip: 1, times: 1, status: 503 });
    await expect(vcsim.govc("about")).resolves.toBeDefined();
    await expect(vcsim.govc("about")).rejects.toThrow(/503/);
    await expect(vcsim.govc("about")).resolves.toBeDefined();
  });

  it("hangs until the rules are cleared", async () => {
    await vcsim.control.addRules({ path: "/sdk", method: "Login", hang: true });
    await expect(govcWith(vcsim, {}, 1_500)).rejects.toThrow(/timed out|did not end/i);
    const before = await count("/sdk Login");
    const waiting = vcsim.govc("about");
    await expect.poll(() => count("/sdk Login"), { timeout: MINUTE, interval: 50 }).toBe(before + 1);
    await vcsim.control.clearRules();
    await expect(waiting).resolves.toMatchObject({ exitCode: 0 });
  });

  it("answers late, and breaks connections", async () => {
    await vcsim.control.addRules({ path: "/sdk", method: "Login", delayMs: 800, times: 1 }, { path: "/sdk", method: "Login", reset: true });
    const start = performance.now();
    await vcsim.govc("about");
    expect(performance.now() - start).toBeGreaterThan(800);
    await expect(vcsim.govc("about")).rejects.toThrow(/EOF|reset/);
  });

  it("forgets sessions, in the SOAP and in the REST API", async () => {
    const { cookie } = await soap(vcsim, login(vcsim));
    expect((await soap(vcsim, CURRENT_TIME, cookie)).status).toBe(200);
    const authorization = `Basic ${Buffer.from(`${vcsim.user}:${vcsim.password}`).toString("base64")}`;
    const rest = await ask(vcsim, "POST", "/rest/com/vmware/cis/session", { authorization });
    const session = { "vmware-api-session-id": (JSON.parse(rest.text) as { value: string }).value };
    expect((await ask(vcsim, "GET", CATEGORIES, session)).status).toBe(200);

    await vcsim.control.expireSessions();

    expect((await ask(vcsim, "GET", CATEGORIES, session)).status).toBe(401);
    expect((await soap(vcsim, CURRENT_TIME, cookie)).text).toContain("NotAuthenticated");
    await expect(vcsim.govc("about")).resolves.toBeDefined();
  });

  it("goes away and comes back on its port, with its inventory and without its sessions", async () => {
    await vcsim.govc("folder.create", "/DC0/vm/kept");
    const { cookie } = await soap(vcsim, login(vcsim));
    await vcsim.control.restart(10_000);
    await expect.poll(state, { timeout: MINUTE, interval: 50 }).toBe("down");
    await expect.poll(state, { timeout: MINUTE, interval: 200 }).toBe("up");
    expect((await vcsim.govc("find", "/DC0/vm", "-type", "f")).stdout).toContain("/DC0/vm/kept");
    expect((await soap(vcsim, CURRENT_TIME, cookie)).text).toContain("NotAuthenticated");
  });

  it("refuses a rule with a word that it does not know", async () => {
    const wrong = { path: "/sdk", stauts: 500 };
    await expect(vcsim.control.addRules(wrong)).rejects.toThrow(/stauts/);
  });
});

const state = (): Promise<"up" | "down"> =>
  vcsim.govc("about").then(
    () => "up",
    () => "down",
  );

const CATEGORIES = "/rest/com/vmware/cis/tagging/category";
const CURRENT_TIME = `<CurrentTime xmlns="urn:vim25"><_this type="ServiceInstance">ServiceInstance</_this></CurrentTime>`;
