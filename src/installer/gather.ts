import { chmod, mkdtemp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { create } from "tar";
import { InstallerError, messageOf } from "../errors/index.ts";
import { connectKube, gatherResources } from "../kube/index.ts";
import { loadCluster, type LoadedCluster, passphraseOf } from "../stack/index.ts";
import { readTextIfExists, SECRET_DIRECTORY_MODE, SECRET_FILE_MODE } from "../util/index.ts";
import { warnOnce } from "./config-warnings.ts";
import type { Options, World } from "./context.ts";
import { knownCluster } from "./known-cluster.ts";
import { readRecords, renderTimeline } from "./timeline/timeline.ts";
import { gatherJournals, type SshTarget } from "./ssh-journal.ts";

export interface Gathered {
  /** Path of the tar.gz. */
  readonly bundle: string;
  /** Names in it, without its folder. */
  readonly files: readonly string[];
  /** What is not available, and why. */
  readonly errors: readonly string[];
}

const API_TIMEOUT_MS = 5_000;

/**
 * All that explains a failed installation, in one tar.gz of mode 0600: console logs and descriptions by the platform, API objects, journals
 * by ssh, our own journal and log. Writes nothing else into the folder. Every text is redacted; what is not available is listed in `errors.txt`.
 * @throws InstallerError CLUSTER_UNKNOWN, GATHER_FAILED
 */
export async function gather(world: World, _options: Options): Promise<Gathered> {
  const { folder, redactor, clock, run, signal, reporter } = world;
  const cluster = await knownCluster(world);
  redactor.add(await passphraseOf(folder, world.env));
  const files = new Map<string, string>();
  const errors: string[] = [];
  const take = async (what: string, read: () => Promise<ReadonlyMap<string, string>>): Promise<void> => {
    signal.throwIfAborted();
    reporter.emit({ type: "waiting", subject: "gather", reason: what, elapsedMs: 0 });
    try {
      for (const [name, text] of await read()) files.set(name, text);
    } catch (error) {
      signal.throwIfAborted();
      errors.push(`${what}: ${messageOf(error)}`);
    }
  };

  let targets: readonly SshTarget[] = [];
  let sshKey: string | undefined;
  let loaded: LoadedCluster | undefined;
  await take("keys and machines", async () => {
    // Gives the redactor all secrets, which the texts below may hold.
    loaded = await loadCluster({
      folder,
      env: world.env,
      changed: true,
      onSecret: (secret) => redactor.add(secret),
      onWarning: warnOnce(world),
    });
    const { keys, machines } = loaded;
    sshKey = keys?.keys["bootstrap-ssh"]?.privateKey;
    targets = machines.flatMap(({ name, ipAddress }) => (ipAddress === undefined ? [] : [{ name, address: ipAddress }]));
    return new Map();
  });
  await take("console logs", () => cluster.platform.gather(cluster.infraID, cluster.metadata, world));
  await take("API objects", async () => {
    const kubeconfig = await readTextIfExists(folder.kubeconfig);
    if (kubeconfig === undefined) return new Map();
    const client = await connectKube({ kubeconfig, requestTimeoutMs: API_TIMEOUT_MS });
    try {
      await client.readyz(signal);
      return await gatherResources(client, { signal, redactor });
    } finally {
      client.close();
    }
  });
  await take("journals", async () => (sshKey === undefined ? new Map() : await gatherJournals(targets, sshKey, { run, signal })));
  for (const [name, path] of [
    ["journal.jsonl", folder.journal],
    ["log.jsonl", folder.log],
    ["metadata.json", folder.metadata],
  ] as const) {
    await take(name, async () => {
      const text = await readTextIfExists(path);
      if (text === undefined) return new Map();
      return new Map([[`installer/${name}`, without(text, cluster.platform.credentials?.secrets(cluster.metadata) ?? [])]]);
    });
  }
  await take("timeline", async () => {
    const consoles = [...files].flatMap(([name, text]) => {
      const machine = /^console\/(.*)\.log$/.exec(name)?.[1];
      return machine === undefined ? [] : [[machine, text] as const];
    });
    return new Map([["timeline.html", await renderTimeline(world, loaded, await readRecords(world), new Map(consoles))]]);
  });
  if (errors.length > 0) files.set("errors.txt", `${errors.join("\n")}\n`);

  const stamp = clock.now().toISOString().replaceAll(/[:.]/g, "").slice(0, 15);
  const bundle = join(folder.root, `gather-${cluster.infraID}-${stamp}.tar.gz`);
  await pack(bundle, new Map([...files].map(([name, text]) => [name, redactor.redact(text)])));
  return { bundle, files: [...files.keys()].toSorted(), errors: errors.map((error) => redactor.redact(error)) };
}

/** Text of JSON without some of its values, however short they are: the redactor leaves those that could be ordinary words. */
const without = (text: string, values: readonly string[]): string =>
  values.reduce((rest, value) => rest.replaceAll(JSON.stringify(value), '"[redacted]"'), text);

async function pack(bundle: string, files: ReadonlyMap<string, string>): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "virt-ipi-gather-"));
  try {
    for (const [name, text] of files) {
      const path = join(work, "gather", name);
      await mkdir(dirname(path), { recursive: true, mode: SECRET_DIRECTORY_MODE });
      await writeFile(path, text, { mode: SECRET_FILE_MODE });
    }
    const temporary = `${bundle}.tmp`;
    await writeFile(temporary, "", { mode: SECRET_FILE_MODE });
    await create({ gzip: true, cwd: work, file: temporary, portable: true }, ["gather"]);
    await chmod(temporary, SECRET_FILE_MODE);
    await rename(temporary, bundle);
  } catch (error) {
    throw new InstallerError("GATHER_FAILED", `cannot write ${bundle}`, { value: bundle, cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
