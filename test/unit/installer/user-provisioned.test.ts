import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeMetadata, metadataText } from "../../../src/assets/metadata.ts";
import { parseInstallConfig } from "../../../src/config/index.ts";
import { Redactor } from "../../../src/events/index.ts";
import { destroyCluster, gather, listOwned, status, type World } from "../../../src/installer/index.ts";
import { clusterFolder, identityToWriteWith } from "../../../src/stack/index.ts";
import { systemClock, systemEntropy } from "../../../src/util/index.ts";
import { baremetal, external, none, yamlOf } from "../config/verdicts/support.ts";

const IDENTITY = { infraID: "test-x7k2p", clusterID: "3b0ad9c2-6b5b-4c8c-9d7e-0f1e2d3c4b5a", createdAt: "2026-01-01T00:00:00.000Z" };

let root = "";
let world: World;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "virt-ipi-user-provisioned-"));
  world = {
    folder: clusterFolder(root),
    reporter: { emit: () => undefined },
    redactor: new Redactor(),
    clock: systemClock,
    entropy: systemEntropy,
    run: (file) => Promise.reject(new Error(`there is no ${file}`)),
    env: {},
    signal: new AbortController().signal,
    version: "0.0.1",
  };
});
afterEach(async () => await rm(root, { recursive: true }));

describe.each([
  ["none", none],
  ["external", external],
  ["baremetal", baremetal],
] as const)("a cluster on %s, whose machines are the user's", (_platform, base) => {
  beforeEach(async () => {
    const source = yamlOf(base, {});
    const { spec } = parseInstallConfig(source);
    if (spec === undefined) throw new Error("the install-config is not valid");
    await writeFile(world.folder.installConfig, source);
    await writeFile(world.folder.metadata, metadataText(makeMetadata(spec, IDENTITY)));
  });

  it("has a status, without objects", async () => {
    expect(await status(world)).toMatchObject({
      cluster: "test",
      infraID: IDENTITY.infraID,
      objects: expect.stringContaining(`virt-ipi has created no machines of cluster ${IDENTITY.infraID}`) as string,
      nodes: "there is no kubeconfig yet",
    });
  });

  it.each<[string, (world: World) => Promise<unknown>]>([
    ["destroy cluster", (each) => destroyCluster(each, {})],
    ["destroy cluster --dry-run", listOwned],
    ["gather", (each) => gather(each, {})],
  ])("is left to the user by %s", async (_command, work) => {
    const before = await readdir(root);
    await expect(work(world)).rejects.toMatchObject({
      id: "PLATFORM_UNSUPPORTED",
      value: IDENTITY.infraID,
      advice: expect.stringContaining("where you created them") as string,
    });
    expect(await readdir(root)).toEqual(before);
  });

  it("is no folder for a new cluster when its identity is lost", async () => {
    await expect(identityToWriteWith(world.folder)).rejects.toMatchObject({ id: "IDENTITY_LOST", value: IDENTITY.infraID });
  });
});
