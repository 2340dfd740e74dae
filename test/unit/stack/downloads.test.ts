import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reportedSpec } from "../../helpers/reported-config.ts";
import { messageOf } from "../../../src/errors/index.ts";
import { clusterFolder } from "../../../src/stack/cluster-folder.ts";
import { findImage, type Image } from "../../../src/stack/image.ts";
import { readManifests } from "../../../src/stack/manifests.ts";

const TEXT = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: kubevirt\n";
const sha256 = createHash("sha256").update(TEXT).digest("hex");
/** As in the URL and as it is. */
const LOGIN = "us%40er:S3cret%20P%25w%C3%A4:x";
const BASIC = `Basic ${Buffer.from("us@er:S3cret P%wä:x").toString("base64")}`;

let folder: string;
const servers: Server[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-downloads-"));
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
  await rm(folder, { recursive: true });
});

/** A server on loopback. @returns `host:port` */
async function serve(answer: (request: IncomingMessage) => { status: number; location?: string; body?: string }): Promise<string> {
  const server = createServer((request, response) => {
    const { status, location, body = TEXT } = answer(request);
    response.writeHead(status, location === undefined ? {} : { location }).end(status === 200 ? body : "S3cret");
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const withLogin = (): Promise<string> => serve(({ headers }) => ({ status: headers.authorization === BASIC ? 200 : 401 }));

const image = (url: string): Promise<Image> =>
  findImage({ format: "qcow2", clusterOSImage: url, folder: clusterFolder(folder), env: { XDG_CACHE_HOME: folder } });
const manifest = async (url: string): Promise<string | undefined> => {
  const component = { version: "1.8.4", files: [{ location: url, sha256 }], spec: {} };
  const texts = await readManifests(
    {
      operators: { source: "Manifests", kubevirt: component, cdi: component },
      emulation: "Auto",
      uninstallStrategy: "BlockUninstallIfWorkloadsExist",
      storage: { pools: [], profiles: [] },
      liveMigration: {},
    },
    { env: { XDG_CACHE_HOME: folder } },
  );
  return texts.get(sha256);
};

const DOWNLOADS: readonly (readonly [what: string, get: (url: string) => Promise<string | undefined>])[] = [
  ["an image", async (url) => await readFile((await image(url)).path, "utf8")],
  ["a manifest", manifest],
];

/** All that an error says, and all that was written. */
async function traces(error: unknown): Promise<string> {
  const { value, details, advice, stack } = error as { value?: string; details?: readonly string[]; advice?: string; stack?: string };
  const files = await readdir(folder, { recursive: true });
  return JSON.stringify([messageOf(error), value, details, advice, stack, files]);
}

it("fetches the image of a reported install-config, whose user name and password fetch() does not take", async () => {
  const { platform } = reportedSpec("04-image-url-with-credentials.yaml");
  const given = "clusterOSImage" in platform ? (platform.clusterOSImage ?? "") : "";
  const host = await serve(({ headers }) => ({
    status: headers.authorization === `Basic ${Buffer.from("user:S3cretPw").toString("base64")}` ? 200 : 401,
  }));
  expect(await readFile((await image(given.replace("127.0.0.1:8080", host))).path, "utf8")).toBe(TEXT);
});

describe.each(DOWNLOADS)("%s behind a user name and password", (_, get) => {
  it("is fetched with those of the URL", async () => {
    expect(await get(`http://${LOGIN}@${await withLogin()}/a/node.qcow2`)).toBe(TEXT);
    expect(JSON.stringify(await readdir(folder, { recursive: true }))).not.toContain("S3cret");
  });

  it("cannot be had with others, and no error quotes them", async () => {
    const failure: unknown = await get(`http://user:S3cretPw@${await withLogin()}/a/node.qcow2?token=S3cretToken`).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringContaining("http://<redacted>@127.0.0.1") });
    expect(messageOf(failure)).toContain("the server answered 401");
    expect(await traces(failure)).not.toContain("S3cret");
  });

  it("is not quoted where nobody listens", async () => {
    const failure: unknown = await get("http://user:S3cretPw@127.0.0.1:9/node.qcow2").catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(await traces(failure)).not.toContain("S3cret");
  });

  it("takes them along on the same server, and to no other", async () => {
    const seen: (string | undefined)[] = [];
    const other = await serve(({ headers }) => {
      seen.push(headers.authorization);
      return { status: 200 };
    });
    const first = await serve(({ headers, url }) => {
      seen.push(headers.authorization);
      if (url === "/a") return { status: 302, location: "/b" };
      return { status: 307, location: `http://${other}/c` };
    });
    expect(await get(`http://${LOGIN}@${first}/a`)).toBe(TEXT);
    expect(seen).toEqual([BASIC, BASIC, undefined]);
  });

  it("does not quote where a redirect leads", async () => {
    const first = await serve(() => ({ status: 302, location: "http://user:S3cretPw@127.0.0.1:9/x?token=S3cretToken" }));
    const failure: unknown = await get(`http://${first}/a`).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(await traces(failure)).not.toContain("S3cret");
  });
});

it("keeps an image under one name whatever the password", async () => {
  const server = await serve(() => ({ status: 200 }));
  const [one, two] = [await image(`http://a:first-password@${server}/x.qcow2`), await image(`http://a:second-password@${server}/x.qcow2`)];
  expect(one.path).toBe(two.path);
  await expect(image(`http://a:S3cretPw@${server}/x.qcow2?sha256=${"0".repeat(64)}`)).rejects.toMatchObject({
    id: "IMAGE_CHECKSUM",
    message: expect.not.stringContaining("S3cretPw"),
  });
});

describe("a download whose checksum is wrong", () => {
  /** Every file but what the test's own folder structure is. */
  const kept = async (): Promise<readonly string[]> =>
    (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);

  it("is not kept, and the right one is fetched by the next run", async () => {
    let body = "cut off, or a page to log in";
    const server = await serve(() => ({ status: 200, body }));
    const wrong = [image(`http://${server}/node.qcow2?sha256=${sha256}`), manifest(`http://${server}/kubevirt.yaml`)];
    expect((await Promise.allSettled(wrong)).map((result) => (result.status === "rejected" ? (result.reason as { id: string }).id : "none"))).toEqual(
      ["IMAGE_CHECKSUM", "VIRT_MANIFEST_CHECKSUM"],
    );
    expect(await kept()).toEqual([]);
    body = TEXT;
    const { path, sha256: found } = await image(`http://${server}/node.qcow2?sha256=${sha256}`);
    expect([await readFile(path, "utf8"), found]).toEqual([TEXT, sha256]);
    expect(await manifest(`http://${server}/kubevirt.yaml`)).toBe(TEXT);
  });

  it("is fetched again when it came without a checksum and is pinned later", async () => {
    let body = "an older image";
    const server = await serve(() => ({ status: 200, body }));
    await image(`http://${server}/node.qcow2`);
    body = TEXT;
    expect((await image(`http://${server}/node.qcow2?sha256=${sha256}`)).sha256).toBe(sha256);
  });
});
