import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { InstallerError } from "../../../src/errors/index.ts";
import { Redactor } from "../../../src/events/index.ts";
import { createAssets, createCluster, type World } from "../../../src/installer/index.ts";
import { clusterFolder } from "../../../src/stack/index.ts";
import { systemEntropy } from "../../../src/util/index.ts";
import { none, yamlOf } from "../config/verdicts/support.ts";

let root: string;
let world: World;
beforeEach(async () => {
  root = await mkdtemp(`${tmpdir()}/virt-ipi-openshift-`);
  world = {
    folder: clusterFolder(root),
    reporter: { emit: () => undefined },
    redactor: new Redactor(),
    clock: { now: () => new Date(), sleep: () => Promise.resolve() },
    entropy: systemEntropy,
    run: () => Promise.reject(new Error("no programs here")),
    env: {},
    signal: new AbortController().signal,
    version: "0.0.1",
  };
  await writeFile(world.folder.installConfig, yamlOf(none, {}));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

it("refuses to install OpenShift, and says what can be created", async () => {
  await expect(createCluster(world, {})).rejects.toMatchObject({
    id: "DISTRIBUTION_UNSUPPORTED",
    value: "openshift",
    advice: expect.stringContaining("virt-ipi create ignition-configs") as string,
  });
});

it("creates the assets of machines that the user brings, with the user's manifests", async () => {
  const { files: manifests } = await createAssets(world, {}, "manifests");
  expect(manifests).toContain("manifests/cvo-overrides.yaml");
  await writeFile(`${root}/openshift/99-own.yaml`, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own, namespace: demo}\n");
  const scheduler = `${root}/manifests/cluster-scheduler-02-config.yml`;
  await writeFile(scheduler, (await readFile(scheduler, "utf8")).replace("mastersSchedulable: false", "mastersSchedulable: true"));
  await rm(`${root}/openshift/99_openshift-machineconfig_99-worker-ssh.yaml`, { force: true });
  const { files } = await createAssets(world, {}, "ignition-configs");
  expect(files).toEqual(["auth/kubeadmin-password", "auth/kubeconfig", "bootstrap.ign", "master.ign", "metadata.json", "worker.ign"]);

  const bootstrap = JSON.parse(await readFile(`${root}/bootstrap.ign`, "utf8")) as {
    storage: { files: { path: string; contents?: { source: string } }[] };
  };
  const textOf = (path: string): string | undefined => {
    const source = bootstrap.storage.files.find((file) => file.path === `/opt/openshift/${path}`)?.contents?.source;
    return source === undefined ? undefined : Buffer.from(source.slice(source.indexOf(",") + 1), "base64").toString();
  };
  expect(textOf("manifests/cluster-scheduler-02-config.yml")).toContain("mastersSchedulable: true");
  expect(textOf("openshift/99-own.yaml")).toContain("name: own");
  const { spec } = parse(textOf("manifests/cvo-overrides.yaml") ?? "") as { spec: { overrides: { name: string; kind: string }[] } };
  expect(spec.overrides.at(0)).toMatchObject({ kind: "ConfigMap", name: "cluster-config-v1" });
  expect(spec.overrides.map(({ name }) => name)).toContain("own");

  await rm(`${root}/manifests/cvo-overrides.yaml`);
  await expect(createAssets(world, {}, "manifests")).rejects.toMatchObject({
    advice: expect.stringContaining("remove the whole folder manifests") as string,
  });
  await rm(`${root}/manifests`, { recursive: true });
  expect((await createAssets(world, {}, "manifests")).files).toEqual([...manifests, "openshift/99-own.yaml"].toSorted());
  expect(await readFile(scheduler, "utf8")).toContain("mastersSchedulable: false");
});

it("creates what a machine needs that becomes a cluster by itself, and nothing else", async () => {
  const change = { "controlPlane.replicas": 1, "compute[0].replicas": 0, bootstrapInPlace: { installationDisk: "/dev/vda" } };
  await writeFile(world.folder.installConfig, yamlOf(none, change));
  const { files } = await createAssets(world, {}, "single-node-ignition-config");
  expect(files).toEqual(["auth/kubeadmin-password", "auth/kubeconfig", "bootstrap-in-place-for-live-iso.ign", "metadata.json", "worker.ign"]);
});

it("refuses that for an install-config that does not describe it", async () => {
  await expect(createAssets(world, {}, "single-node-ignition-config")).rejects.toMatchObject({ id: "CONFIG_INVALID", value: "bootstrapInPlace" });
});

it("makes a MachineConfig of what the user adds to a pointer, and takes it away again", async () => {
  await createAssets(world, {}, "ignition-configs");
  const path = `${root}/master.ign`;
  const pointer = await readFile(path, "utf8");
  const added = { ...(JSON.parse(pointer) as object), storage: { files: [{ path: "/etc/own", mode: 420, contents: { source: "data:,own" } }] } };
  await writeFile(path, JSON.stringify(added));
  await createAssets(world, {}, "ignition-configs");
  const manifest = `${root}/openshift/99_openshift-installer-ignition_master.yaml`;
  const config = parse(await readFile(manifest, "utf8")) as { metadata: { name: string }; spec: { config: Record<string, unknown> } };
  expect(config.metadata.name).toBe("99-installer-ignition-master");
  expect(config.spec.config).toMatchObject({ ignition: { version: "3.2.0" }, storage: added.storage });
  expect(JSON.stringify(config.spec.config)).not.toContain("22623");
  expect(await readFile(path, "utf8")).toBe(JSON.stringify(added));
  expect(await readFile(`${root}/bootstrap.ign`, "utf8")).toContain("/opt/openshift/openshift/99_openshift-installer-ignition_master.yaml");

  await writeFile(path, pointer);
  await createAssets(world, {}, "ignition-configs");
  await expect(readFile(manifest, "utf8")).rejects.toThrow("ENOENT");
});

it("says how long bootstrap.ign can be used, refuses it afterwards, and issues it again when asked to", async () => {
  const lines: string[] = [];
  const at = (time: string): World => ({
    ...world,
    reporter: { emit: (event) => "message" in event && lines.push(event.message) },
    clock: { now: () => new Date(time), sleep: () => Promise.resolve() },
  });
  await createAssets(at("2026-03-01T12:00:00Z"), {}, "ignition-configs");
  expect(lines).toContainEqual(expect.stringContaining("use bootstrap.ign before 2026-03-02T12:00:00.000Z"));
  await expect(createAssets(at("2026-03-02T12:00:01Z"), {}, "ignition-configs")).rejects.toMatchObject({
    id: "CERTIFICATES_EXPIRED",
    advice: expect.stringContaining("--regenerate") as string,
  });
  const before = await readFile(`${root}/metadata.json`, "utf8");
  await createAssets(at("2026-03-02T12:00:01Z"), { regenerate: true }, "ignition-configs");
  expect(lines).toContainEqual(expect.stringContaining("use bootstrap.ign before 2026-03-03T12:00:01.000Z"));
  expect(await readFile(`${root}/metadata.json`, "utf8")).toBe(before);
});

it("stops at Ctrl-C before the next part, and the run that writes the certificates begins them", { timeout: 300_000 }, async () => {
  const at = (time: string): World => ({ ...world, clock: { now: () => new Date(time), sleep: () => Promise.resolve() } });
  const interruptedAt = (part: "identity" | "keys"): World => {
    const controller = new AbortController();
    const stop = (): void => controller.abort(new InstallerError("INTERRUPTED", "the run was interrupted by SIGINT"));
    const redactor = new Redactor();
    redactor.add = (...secrets) => {
      if (secrets.some((secret) => secret?.includes("PRIVATE KEY"))) stop();
    };
    const entropy: World["entropy"] = (size) => {
      stop();
      return systemEntropy(size);
    };
    return { ...at("2026-03-01T12:00:00Z"), signal: controller.signal, ...(part === "keys" ? { redactor } : { entropy }) };
  };
  for (const [part, left] of [
    ["identity", ["identity.json"]],
    ["keys", ["identity.json", "keys.json"]],
  ] as const) {
    await expect(createAssets(interruptedAt(part), {}, "manifests")).rejects.toMatchObject({ id: "INTERRUPTED" });
    expect(await readdir(root)).toEqual([".virt-ipi", "install-config.yaml"]);
    expect((await readdir(world.folder.own)).filter((name) => name.endsWith(".json"))).toEqual(left);
    expect(await readFile(world.folder.journal, "utf8")).toContain('"outcome":"interrupted"');
  }
  // Two days later.
  await createAssets(at("2026-03-03T12:00:00Z"), {}, "manifests");
  await expect(createAssets(at("2026-03-04T11:59:59Z"), {}, "ignition-configs")).resolves.toMatchObject({ folder: root });
  await expect(createAssets(at("2026-03-04T12:00:01Z"), {}, "ignition-configs")).rejects.toMatchObject({ id: "CERTIFICATES_EXPIRED" });
});
