import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, readdir } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { create } from "tar";
import { afterEach, describe, expect, it } from "vitest";
import { createDownloader, sumFor } from "../../../setup/download.ts";
import { createFixture } from "./fixture.ts";

const sha256 = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const signal = new AbortController().signal;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A site on loopback; a path that it does not have is 404, one that is a number is that status, `hang` never answers. */
async function serve(files: Readonly<Record<string, string | Uint8Array | number>>): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const file = files[path];
    if (path === "/hang") return;
    if (file === undefined || typeof file === "number") response.writeHead(file ?? 404).end();
    else response.end(file);
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe("an official download", () => {
  it("is taken when it has the sha256 of the publisher's list", async () => {
    await using fixture = await createFixture();
    const { url } = await serve({ "/v1/tool": "program", "/v1/sums": `${sha256("other")}  other\n${sha256("program")}  tool\n` });
    const taken = await createDownloader()([{ url: `${url}/v1/tool`, sums: `${url}/v1/sums` }], fixture.cacheDir, signal, (line) =>
      fixture.logged.push(line),
    );
    expect(taken, fixture.logged.join()).toBe(true);
    expect(await readFile(join(fixture.cacheDir, "tool"), "utf8")).toBe("program");
  });

  it("is unpacked: only the wanted members, under their names", async () => {
    await using fixture = await createFixture();
    await fixture.write("pulumi/pulumi", "program");
    await fixture.write("pulumi/pulumi-language-go", "not wanted");
    const archive = join(fixture.root, "a.tar.gz");
    await create({ file: archive, gzip: true, cwd: fixture.root }, ["pulumi"]);
    const bytes = await readFile(archive);
    const { url } = await serve({ "/a.tar.gz": bytes, "/a.tar.gz.sha256": sha256(bytes) });
    const taken = await createDownloader()([{ url: `${url}/a.tar.gz`, members: { cli: "pulumi/pulumi" } }], fixture.cacheDir, signal, (line) =>
      fixture.logged.push(line),
    );
    expect(taken, fixture.logged.join()).toBe(true);
    expect(await readdir(fixture.cacheDir)).toEqual(["cli"]);
  });

  it("is thrown away when its sha256 is another, and tells both", async () => {
    await using fixture = await createFixture();
    await mkdir(fixture.cacheDir);
    const { url } = await serve({ "/tool": "evil" });
    expect(
      await createDownloader()([{ url: `${url}/tool`, sha256: sha256("program") }], fixture.cacheDir, signal, (line) => fixture.logged.push(line)),
    ).toBe(false);
    expect(fixture.logged).toEqual([`no download: ${url}/tool has sha256 ${sha256("evil")}, its publisher says ${sha256("program")}`]);
    expect(await readdir(fixture.cacheDir)).toEqual([]);
  });

  it.each([
    ["hangs", "/hang", "does not answer"],
    ["is refused by a gateway", "/refused", "answered 403"],
  ])("from a site that %s fails soon, and the site is not asked again", async (_what, path, reason) => {
    await using fixture = await createFixture();
    const site = await serve({ "/refused": 403 });
    const download = createDownloader(200);
    const wanted = [{ url: `${site.url}${path}`, sha256: "0" }];
    expect(await download(wanted, fixture.cacheDir, signal, (line) => fixture.logged.push(line))).toBe(false);
    expect(fixture.logged.join()).toContain(reason);
    expect(await download(wanted, fixture.cacheDir, signal, () => undefined)).toBe(false);
    expect(site.asked).toHaveLength(1);
  });

  it("that is not there does not keep others from being asked for", async () => {
    await using fixture = await createFixture();
    const { url } = await serve({ "/there": "x" });
    const download = createDownloader();
    expect(await download([{ url: `${url}/gone`, sha256: "0" }], fixture.cacheDir, signal, () => undefined)).toBe(false);
    expect(await download([{ url: `${url}/there`, sha256: sha256("x") }], fixture.cacheDir, signal, () => undefined)).toBe(true);
  });
});

describe("a publisher's list of sums", () => {
  const sum = sha256("x");
  it.each([
    [`${sum}\n`, "tool"],
    [`${sum}  tool`, "tool"],
    [`${sum.toUpperCase()} *dist/tool\n`, "tool"],
  ])("%j has one for %s", (list, name) => {
    expect(sumFor(name, list)).toBe(sum);
  });

  it("has none for another file", () => {
    expect(() => sumFor("tool", `${sum}  toolbox\n<html>404</html>`)).toThrow("has no sha256 for tool");
  });
});
