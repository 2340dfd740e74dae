import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isInfraID, isNameOfCluster, makeInfraId } from "../../../src/config/index.ts";
import { clusterFolder, findCluster, identityToWriteWith, type ClusterFolder } from "../../../src/stack/index.ts";
import { systemEntropy } from "../../../src/util/index.ts";

const UUID = "3b0ad9c2-6b5b-4c8c-9d7e-0f1e2d3c4b5a";
const ID = "demo-x7k2p";
const IDENTITY = { infraID: ID, clusterID: UUID, createdAt: "2026-01-01T00:00:00.000Z" };
const METADATA = { clusterName: "demo", clusterID: UUID, infraID: ID, kvm: { uri: "test:///default" }, featureSet: "", customFeatureSet: null };

let folder: ClusterFolder;
beforeEach(async () => {
  folder = clusterFolder(await mkdtemp(join(tmpdir(), "virt-ipi-identity-")));
  await mkdir(folder.own);
});
afterEach(async () => await rm(folder.root, { recursive: true }));

const put = async (path: string, content: unknown): Promise<void> =>
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));

describe("an infraID", () => {
  it.each(["demo", "a", "a-cluster-with-a-very-long-name", "with.dot", "a--b"])("as we make it of %s is one", (name) =>
    expect(isInfraID(makeInfraId(name, systemEntropy))).toBe(true),
  );

  it.each([
    "*",
    "customer-*",
    "customer-?????",
    "customer-[a-z]",
    "demo-x7k2p/../..",
    "../demo-x7k2p",
    "demo-x7k2p\n",
    "demo x7k2p",
    "demo",
    "-x7k2p",
    "demo-x7k2",
    "demo-X7K2P",
    "a-name-of-more-than-21-chars-x7k2p",
    "",
    5,
    null,
  ])("is not %j", (text) => expect(isInfraID(text)).toBe(false));
});

it.each(["payroll-db", ID, `${ID}-`, `${ID}-*`, `${ID}-a/b`, `${ID}-..`, `${ID}-a b`, `x${ID}-master-0`, `${ID}2-master-0`])(
  "%j is no name of a machine of the cluster",
  (name) => expect(isNameOfCluster(ID, name)).toBe(false),
);

describe("metadata.json", () => {
  it.each<[string, Record<string, unknown> | string, string]>([
    ["a pattern for an infraID", { infraID: "customer-*" }, "METADATA_INVALID"],
    ["a path for an infraID", { infraID: "x/../..-x7k2p" }, "METADATA_INVALID"],
    ["a number for an infraID", { infraID: 7 }, "METADATA_INVALID"],
    ["no infraID", { infraID: undefined }, "CLUSTER_UNKNOWN"],
    ["a path for a name", { clusterName: "../../other" }, "METADATA_INVALID"],
    ["a pattern for a name", { clusterName: "*" }, "METADATA_INVALID"],
    ["a clusterID that is none", { clusterID: "customer" }, "METADATA_INVALID"],
    ["two platforms", { vsphere: {} }, "METADATA_INVALID"],
    ["a platform that is a word", { kvm: "here" }, "METADATA_INVALID"],
    ["no object", "[]", "METADATA_INVALID"],
    ["null", "null", "METADATA_INVALID"],
    ["no JSON", "{", "FILE_UNREADABLE"],
  ])("with %s is no cluster to look for", async (_what, change, id) => {
    await put(folder.metadata, typeof change === "string" ? change : { ...METADATA, ...change });
    await expect(findCluster(folder)).rejects.toMatchObject({ id });
  });

  it("is taken as openshift-install writes it, and with no more than an infraID and a platform", async () => {
    await put(folder.metadata, METADATA);
    expect(await findCluster(folder)).toEqual({
      metadata: { name: "demo", infraID: ID, clusterID: UUID, platform: { platform: "kvm", uri: "test:///default" } },
      identity: { infraID: ID, clusterID: UUID, createdAt: "" },
    });
    await put(folder.metadata, { infraID: ID, kvm: {} });
    expect((await findCluster(folder))?.metadata).toMatchObject({ name: ID, infraID: ID });
  });

  it.each<[string, unknown]>([
    ["another infraID", { ...IDENTITY, infraID: "demo-zzzzz" }],
    ["another cluster ID", { ...IDENTITY, clusterID: UUID.replace("3", "4") }],
  ])("is refused beside an identity of %s", async (_what, identity) => {
    await put(folder.metadata, METADATA);
    await put(folder.identity, identity);
    await expect(findCluster(folder)).rejects.toMatchObject({
      id: "IDENTITY_CONFLICT",
      details: [expect.stringContaining("create ignition-configs"), expect.stringContaining("empty folder")] as unknown,
    });
  });

  it.each(["", "{}", "null", "[]", "garbage", JSON.stringify({ ...IDENTITY, infraID: "customer-*" })])(
    "counts alone beside a damaged identity: %j",
    async (text) => {
      await put(folder.metadata, METADATA);
      await put(folder.identity, text);
      expect(await findCluster(folder)).toMatchObject({ metadata: { infraID: ID }, warning: expect.stringContaining("damaged") as string });
    },
  );
});

describe("before assets are written", () => {
  it("an empty folder may get a new cluster, and a whole one keeps its own", async () => {
    expect(await identityToWriteWith(folder)).toBeUndefined();
    await put(folder.identity, IDENTITY);
    expect(await identityToWriteWith(folder)).toEqual(IDENTITY);
    await put(folder.metadata, METADATA);
    expect(await identityToWriteWith(folder)).toEqual(IDENTITY);
  });

  it.each<[string, unknown, unknown, string]>([
    ["of a copy without dotfiles", undefined, METADATA, "IDENTITY_LOST"],
    ["beside an empty identity", "", METADATA, "IDENTITY_LOST"],
    ["beside an identity that is null", "null", METADATA, "IDENTITY_LOST"],
    ["beside an identity without infraID", {}, METADATA, "IDENTITY_LOST"],
    ["of another cluster", IDENTITY, { ...METADATA, infraID: "demo-zzzzz" }, "IDENTITY_CONFLICT"],
    ["of no cluster, with an infraID that is none", IDENTITY, { infraID: "customer-*" }, "IDENTITY_CONFLICT"],
    ["that is no cluster's", undefined, { ...METADATA, infraID: "customer-*" }, "METADATA_INVALID"],
  ])("a metadata.json %s stays as it is", async (_what, identity, metadata, id) => {
    if (identity !== undefined) await put(folder.identity, identity);
    await put(folder.metadata, metadata);
    await expect(identityToWriteWith(folder)).rejects.toMatchObject({ id });
    expect(JSON.parse(await readFile(folder.metadata, "utf8"))).toEqual(metadata);
  });

  it("a damaged metadata.json beside a whole identity is written again", async () => {
    await put(folder.identity, IDENTITY);
    await put(folder.metadata, "{");
    expect(await identityToWriteWith(folder)).toEqual(IDENTITY);
  });
});
