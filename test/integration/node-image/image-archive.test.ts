import { chmod, chown, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { layerOfFiles, layerOfFolder, writeImageArchive } from "../../../setup/node-image/container-image.ts";
import { run } from "../../../src/exec/index.ts";
import { sha256Of } from "../../../src/util/index.ts";

/** Archives of container images: what of a file system is in them, and that they are what the OCI image layout asks for. Needs root. */

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-archive-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}
interface Index {
  readonly manifests: readonly (Descriptor & { readonly annotations: Readonly<Record<string, string>> })[];
}

const context = () => ({ run, workDir: folder, log: () => undefined, signal: new AbortController().signal });

async function fileSystem(): Promise<string> {
  const root = join(folder, "root");
  await mkdir(join(root, "usr/bin"), { recursive: true });
  await mkdir(join(root, "tmp"));
  await chmod(join(root, "tmp"), 0o1777);
  await symlink("usr/bin", join(root, "bin"));
  await writeFile(join(root, "usr/bin/monitor"), "a program");
  await chmod(join(root, "usr/bin/monitor"), 0o755);
  await run("setcap", ["cap_net_bind_service=ep", join(root, "usr/bin/monitor")]);
  await writeFile(join(root, "usr/bin/of-qemu"), "");
  await chown(join(root, "usr/bin/of-qemu"), 107, 108);
  return root;
}

it("keeps links, owners, modes and file capabilities, and shared layers once", async () => {
  const layer = await layerOfFolder(context(), "system", await fileSystem());
  const disk = await layerOfFiles(context(), "disk", { "disk/disk.img": join(folder, "root/usr/bin/monitor") });
  const image = (reference: string, user?: number) => ({ reference, layer, entrypoint: ["/bin/monitor"], user });
  const archive = join(folder, "images.tar");
  await writeImageArchive(
    context(),
    [image("quay.io/a/one:v1", 1001), image("quay.io/a/two:v1"), { ...image("localhost/disk:1"), layer: disk }],
    archive,
  );

  const layout = join(folder, "layout");
  await mkdir(layout);
  await run("tar", ["--extract", "--file", archive, "--directory", layout]);
  const blob = (digest: string): string => join(layout, "blobs/sha256", digest.slice("sha256:".length));
  const read = async <T>({ digest }: Descriptor): Promise<T> => JSON.parse(await readFile(blob(digest), "utf8")) as T;
  const index = JSON.parse(await readFile(join(layout, "index.json"), "utf8")) as Index;
  const names = index.manifests.map(({ annotations, digest }) => [annotations["io.containerd.image.name"], digest] as const);
  const manifests = index.manifests.filter((_, position) => position % 2 === 0);
  // Each under its tag and its digest.
  expect(names).toEqual(
    ["quay.io/a/one:v1", "quay.io/a/two:v1", "localhost/disk:1"].flatMap((name, position) => {
      const digest = manifests[position]?.digest ?? "";
      return [
        [name, digest],
        [`${name.slice(0, name.lastIndexOf(":"))}@${digest}`, digest],
      ];
    }),
  );
  for (const name of await readdir(join(layout, "blobs/sha256"))) expect(await sha256Of(join(layout, "blobs/sha256", name))).toBe(name);

  const parts = await Promise.all(manifests.map((one) => read<{ config: Descriptor; layers: readonly [Descriptor] }>(one)));
  const [first, second] = parts;
  expect(second?.layers).toEqual(first?.layers);
  const configs = await Promise.all(parts.map(({ config }) => read<{ config: object; rootfs: { diff_ids: string[] } }>(config)));
  expect(configs.map(({ config }) => config)).toEqual([
    expect.objectContaining({ User: "1001", Entrypoint: ["/bin/monitor"] }),
    expect.not.objectContaining({ User: expect.anything() as unknown }),
    expect.anything(),
  ]);

  const unpacked = join(folder, "unpacked");
  await mkdir(unpacked);
  const tar = join(folder, "layer.tar");
  await run("zstd", ["--quiet", "--decompress", blob(first?.layers[0].digest ?? ""), "-o", tar]);
  expect(configs[0]?.rootfs.diff_ids).toEqual([`sha256:${await sha256Of(tar)}`]);
  await run("tar", [
    "--extract",
    "--file",
    tar,
    "--directory",
    unpacked,
    "--xattrs",
    "--xattrs-include=*",
    "--numeric-owner",
    "--same-owner",
    "--preserve-permissions",
  ]);
  const { stdout } = await run("find", [unpacked, "-mindepth", "1", "-printf", "%P %M %U:%G %l\\n"]);
  expect(
    stdout
      .trim()
      .split("\n")
      .toSorted()
      .map((line) => line.trim()),
  ).toEqual([
    "bin lrwxrwxrwx 0:0 usr/bin",
    "tmp drwxrwxrwt 0:0",
    "usr drwxr-xr-x 0:0",
    "usr/bin drwxr-xr-x 0:0",
    "usr/bin/monitor -rwxr-xr-x 0:0",
    "usr/bin/of-qemu -rw-r--r-- 107:108",
  ]);
  const program = join(unpacked, "usr/bin/monitor");
  expect((await run("getcap", [program])).stdout.trim()).toBe(`${program} cap_net_bind_service=ep`);
});
