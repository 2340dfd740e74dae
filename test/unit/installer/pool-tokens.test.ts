import { generateKeyPairSync, verify } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { pointerIgnition } from "../../../src/assets/pointer-ignition.ts";
import { firstPoolTokens, keepPoolTokens, renewPoolTokens } from "../../../src/installer/pool-tokens.ts";
import type { KubeClient, ObjectKind, ObjectName } from "../../../src/kube/index.ts";
import { clusterFolder, type LoadedCluster } from "../../../src/stack/index.ts";
import { IDENTITY, makeSpec } from "../assets/spec.ts";

/** What machines of a pool are started with where all have the same text. */

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const keys = { version: 1 as const, keys: { "machine-token": { privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString() } } };
const spec = makeSpec(1, 1);
const cluster = { spec, identity: IDENTITY, platform: { ownController: "played" }, keys } as unknown as LoadedCluster;

let root: string;
let now: number;
let secrets: Map<string, string>;
let patches: number;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "virt-ipi-tokens-"));
  now = Date.parse("2026-01-01T00:00:00Z");
  secrets = new Map([["worker-user-data", ""]]);
  patches = 0;
  await writeFile(
    join(root, "worker.ign"),
    JSON.stringify({ ...pointerIgnition(spec, "worker", "PEM", "endless"), passwd: { users: [{ name: "extra" }] } }),
  );
});
afterEach(async () => await rm(root, { recursive: true, force: true }));

const client = {
  read: (_kind: ObjectKind, { name }: ObjectName) => Promise.resolve(secrets.has(name) ? {} : undefined),
  patch: (_kind: ObjectKind, { namespace, name }: ObjectName, patch: { data: { userData: string } }) => {
    expect(namespace).toBe("openshift-machine-api");
    secrets.set(name, Buffer.from(patch.data.userData, "base64").toString());
    patches += 1;
    return Promise.resolve({});
  },
} as unknown as KubeClient;

const stop = new AbortController();
const emitted: string[] = [];
const world = (onSleep: (milliseconds: number) => void) => ({
  folder: clusterFolder(root),
  reporter: { emit: (event: object) => void emitted.push(JSON.stringify(event)) },
  signal: stop.signal,
  clock: {
    now: () => new Date(now),
    sleep: (milliseconds: number) => {
      now += milliseconds;
      onSleep(milliseconds);
      return Promise.resolve();
    },
  },
});
const quiet = () => world(() => undefined);

interface Started {
  readonly ignition: {
    readonly config: { readonly merge: readonly { readonly source: string; readonly httpHeaders: readonly { name: string; value: string }[] }[] };
  };
  readonly passwd: unknown;
}

function tokenIn(secret: string): { readonly text: string; readonly claims: Readonly<Record<string, unknown>> } {
  const [resource] = (JSON.parse(secrets.get(secret) ?? "") as Started).ignition.config.merge;
  expect(resource?.source).toMatch(/:22623\/config\/worker$/);
  expect(resource?.httpHeaders).toHaveLength(1);
  const text = (resource?.httpHeaders[0]?.value ?? "").replace("Bearer ", "");
  const [header = "", claims = "", signature = ""] = text.split(".");
  expect(verify(null, Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, "base64url"))).toBe(true);
  return { text, claims: JSON.parse(Buffer.from(claims, "base64url").toString()) as Readonly<Record<string, unknown>> };
}

it("is the pointer as the folder has it, with a token of the pool that ends", async () => {
  expect(await renewPoolTokens(client, cluster, quiet())).toEqual([]);
  expect(tokenIn("worker-user-data").claims).toEqual({ iss: IDENTITY.infraID, pool: "worker", exp: Date.parse("2026-01-01T02:00:00Z") / 1_000 });
  expect(secrets.get("worker-user-data")).toContain('"extra"');
  expect(secrets.get("worker-user-data")).not.toContain("endless");
});

it("gives a pointer to the control plane's config no token", async () => {
  await writeFile(join(root, "worker.ign"), JSON.stringify(pointerIgnition(spec, "master", "PEM")));
  await renewPoolTokens(client, cluster, quiet());
  expect(secrets.get("worker-user-data")).toContain("/config/master");
  expect(secrets.get("worker-user-data")).not.toContain("Bearer");
});

it("makes no Secret, and waits for one that is not there yet", async () => {
  secrets.clear();
  expect(await renewPoolTokens(client, cluster, quiet())).toEqual(["worker-user-data"]);
  expect(patches).toBe(0);
  await firstPoolTokens(
    client,
    cluster,
    world(() => secrets.set("worker-user-data", "")),
  );
  expect(tokenIn("worker-user-data").claims).toMatchObject({ pool: "worker" });
  expect(emitted.join("\n")).toContain("Secrets that do not exist: worker-user-data");
});

it("is renewed long before it ends, for as long as the controller runs", async () => {
  await renewPoolTokens(client, cluster, quiet());
  const stops = new AbortController();
  const pauses: number[] = [];
  let before = tokenIn("worker-user-data");
  const running = keepPoolTokens(client, cluster, {
    ...world((milliseconds) => {
      pauses.push(milliseconds);
      if (pauses.length === 4) stops.abort(new Error("enough"));
      stops.signal.throwIfAborted();
      if (pauses.length === 1) return;
      const after = tokenIn("worker-user-data");
      expect(after.claims["exp"]).toBe(Number(before.claims["exp"]) + 30 * 60);
      before = after;
    }),
    signal: stops.signal,
  });
  await expect(running).rejects.toThrow("enough");
  expect(pauses).toEqual([30, 30, 30, 30].map((minutes) => minutes * 60_000));
});
