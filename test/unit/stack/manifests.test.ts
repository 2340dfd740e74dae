import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PinnedFile, VirtualizationSpec } from "../../../src/config/index.ts";
import { readManifests } from "../../../src/stack/manifests.ts";

const TEXT = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: kubevirt\n";
const sha256 = createHash("sha256").update(TEXT).digest("hex");

let folder: string;
let server: Server;
let asked: number;
let answer: { status: number; body: string };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-manifests-"));
  asked = 0;
  answer = { status: 200, body: TEXT };
  server = createServer((_request, response) => {
    asked++;
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(folder, { recursive: true });
});

const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/kubevirt-operator.yaml`;

function specOf(...files: readonly PinnedFile[]): VirtualizationSpec {
  const component = { version: "1.8.4", files, spec: {} };
  return {
    operators: { source: "Manifests", kubevirt: component, cdi: component },
    emulation: "Auto",
    uninstallStrategy: "BlockUninstallIfWorkloadsExist",
    storage: { pools: [], profiles: [] },
    liveMigration: {},
  };
}
const read = (...files: readonly PinnedFile[]): Promise<ReadonlyMap<string, string>> =>
  readManifests(specOf(...files), { env: { XDG_CACHE_HOME: folder } });

describe("readManifests", () => {
  it("reads files, and URLs once", async () => {
    const path = join(folder, "operator.yaml");
    await writeFile(path, TEXT);
    expect(await read({ location: path, sha256 })).toEqual(new Map([[sha256, TEXT]]));
    expect(asked).toBe(0);
    expect(await read({ location: url(), sha256 })).toEqual(new Map([[sha256, TEXT]]));
    answer = { status: 500, body: "" };
    expect((await read({ location: url(), sha256 })).get(sha256)).toBe(TEXT);
    expect(asked).toBe(1);
  });

  it("reads again what was changed in the cache", async () => {
    await read({ location: url(), sha256 });
    await writeFile(join(folder, "virt-ipi/manifests", `${sha256}.yaml`), "something else");
    expect((await read({ location: url(), sha256 })).get(sha256)).toBe(TEXT);
    expect(asked).toBe(2);
  });

  it("takes nothing that is not what was pinned", async () => {
    answer = { status: 200, body: `${TEXT}# and a line more\n` };
    await expect(read({ location: url(), sha256 })).rejects.toMatchObject({
      id: "VIRT_MANIFEST_CHECKSUM",
      message: expect.stringContaining(`not ${sha256}`),
    });
    await expect(readdir(join(folder, "virt-ipi/manifests"))).rejects.toThrow();
  });

  it("says which one cannot be had", async () => {
    answer = { status: 404, body: "" };
    await expect(read({ location: url(), sha256 })).rejects.toMatchObject({ id: "VIRT_MANIFEST_UNREADABLE", value: url() });
    await expect(read({ location: join(folder, "none.yaml"), sha256 })).rejects.toMatchObject({ id: "VIRT_MANIFEST_UNREADABLE" });
  });

  it("reads nothing where OLM brings the operators", async () => {
    expect(await readManifests(undefined, { env: {} })).toEqual(new Map());
  });
});
