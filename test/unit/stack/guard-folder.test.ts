import { chmod, chown, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InstallerError } from "../../../src/errors/index.ts";
import { callerOf, closeFolder, clusterFolder, guardFolder, type ClusterFolder } from "../../../src/stack/index.ts";
import { writeFileAtomic } from "../../../src/util/index.ts";
import { kvm, yamlOf } from "../config/verdicts/support.ts";

const ME = callerOf({});
const SOMEBODY = 4242;

let folder: ClusterFolder;
beforeEach(async () => {
  folder = clusterFolder(await mkdtemp(join(tmpdir(), "virt-ipi-guard-")));
});
afterEach(async () => await rm(folder.root, { recursive: true }));

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o7777).toString(8);

describe("a cluster folder", () => {
  it.each([0o700, 0o755, 0o2750, 0o1777, 0o1770])("of mode %o is taken", async (mode) => {
    await chmod(folder.root, mode);
    await expect(guardFolder(folder, ME)).resolves.toBeUndefined();
  });

  it.each([0o777, 0o775, 0o770, 0o702, 0o2775])("of mode %o is refused, with what to do", async (mode) => {
    await chmod(folder.root, mode);
    await expect(guardFolder(folder, ME)).rejects.toMatchObject({
      id: "FOLDER_UNSAFE",
      message: expect.stringContaining("can be written by others") as string,
      advice: `Run: chmod go-w '${folder.root}'`,
    });
    await chmod(folder.root, mode & ~0o022);
    await expect(guardFolder(folder, ME)).resolves.toBeUndefined();
  });

  it("is opened by the command that is advised, whatever it is called", async () => {
    const odd = clusterFolder(join(folder.root, "it's; exit 1"));
    await mkdir(odd.root);
    await chmod(odd.root, 0o777);
    const refused: unknown = await guardFolder(odd, ME).catch((error: unknown) => error);
    const { advice } = refused instanceof InstallerError ? refused : expect.unreachable();
    await promisify(execFile)("sh", ["-c", advice.replace("Run: ", "")]);
    await expect(guardFolder(odd, ME)).resolves.toBeUndefined();
  });

  it("may be ours, root's, or with sudo the caller's, and nobody else's", async () => {
    await expect(guardFolder(folder, ME)).resolves.toBeUndefined();
    await expect(guardFolder(folder, { uid: SOMEBODY })).resolves.toBeUndefined();
    await chown(folder.root, SOMEBODY, SOMEBODY);
    await expect(guardFolder(folder, { uid: SOMEBODY })).resolves.toBeUndefined();
    await expect(guardFolder(folder, { uid: 0, sudo: SOMEBODY })).resolves.toBeUndefined();
    for (const who of [{ uid: 0 }, { uid: 0, sudo: 7 }, { uid: 7, sudo: SOMEBODY }])
      await expect(guardFolder(folder, who)).rejects.toMatchObject({
        id: "FOLDER_UNSAFE",
        message: expect.stringContaining(`belongs to user ${SOMEBODY}`) as string,
      });
  });

  it("of somebody's files, planted where it is sticky, is refused", async () => {
    await chmod(folder.root, 0o1777);
    await mkdir(join(folder.root, "auth"));
    await chown(join(folder.root, "auth"), SOMEBODY, SOMEBODY);
    await expect(guardFolder(folder, ME)).rejects.toMatchObject({ id: "FOLDER_UNSAFE", value: join(folder.root, "auth") });
  });

  it.each(["auth", "manifests", "openshift", ".virt-ipi", "metadata.json", "bootstrap.ign", "worker.ign", "auth/kubeconfig", ".virt-ipi/log.jsonl"])(
    "with a link in place of %s is refused",
    async (path) => {
      await mkdir(join(folder.root, path, ".."), { recursive: true });
      await symlink("/nonexistent", join(folder.root, path));
      await expect(guardFolder(folder, ME)).rejects.toMatchObject({
        id: "FOLDER_UNSAFE",
        message: expect.stringContaining("symbolic link") as string,
      });
    },
  );

  it("that is not there is none", async () => await expect(guardFolder(clusterFolder(join(folder.root, "none")), ME)).resolves.toBeUndefined());
});

it("takes others' rights from what holds secrets, and leaves the user's files", async () => {
  const secret = ["auth/kubeconfig", ".virt-ipi/keys.json", "bootstrap.ign", "metadata.json"];
  for (const path of [...secret, "notes.txt", "manifests/mine.yaml"]) {
    await mkdir(join(folder.root, path, ".."), { recursive: true });
    await writeFile(join(folder.root, path), "");
    await chmod(join(folder.root, path), 0o666);
  }
  for (const path of ["auth", ".virt-ipi", "manifests"]) await chmod(join(folder.root, path), 0o777);
  await closeFolder(folder);
  for (const path of secret) expect(await modeOf(join(folder.root, path)), path).toBe("600");
  for (const path of ["auth", ".virt-ipi", "manifests"]) expect(await modeOf(join(folder.root, path)), path).toBe("700");
  expect(await modeOf(join(folder.root, "notes.txt"))).toBe("666");
});

it.each([0o000, 0o077, 0o022])("writes files and folders with their own modes under umask %o", async (umask) => {
  await writeFileAtomic(folder.installConfig, yamlOf(kvm, {}));
  // In a process of its own: the umask is the whole process's.
  const script = `
    process.umask(${umask});
    const { prepareCluster, clusterFolder } = await import(${JSON.stringify(join(import.meta.dirname, "../../../src/stack/index.ts"))});
    const { systemClock, systemEntropy } = await import(${JSON.stringify(join(import.meta.dirname, "../../../src/util/index.ts"))});
    await prepareCluster({ env: {}, folder: clusterFolder(${JSON.stringify(folder.root)}), clock: systemClock, entropy: systemEntropy });`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  for (const path of await readdir(folder.root, { recursive: true })) {
    const facts = await stat(join(folder.root, path));
    const mode = facts.mode & 0o777;
    if (facts.isDirectory()) expect(mode, path).toBe(0o700);
    else if (path.startsWith("manifests/") || path.startsWith("openshift/")) expect(mode & 0o133, path).toBe(0);
    else expect(mode, path).toBe(0o600);
  }
});
