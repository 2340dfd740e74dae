import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { InstallerError } from "../errors/index.ts";
import { isRecord, readTextIfExists, SECRET_DIRECTORY_MODE, writeFileAtomic, type Environment, programsFolder } from "../util/index.ts";
import type { ClusterFolder } from "./cluster-folder.ts";
import { readJsonIfExists, writeJson } from "./json-file.ts";

export const PROJECT = "virt-ipi";

/**
 * Resources at once. Pulumi's own default is four for each processor of this host, but machines are made elsewhere and mostly waited for: the platform's
 * manager queues what is too much for it.
 */
const PARALLEL = 24;

/** Which stack in which backend holds a cluster's state: what plain `pulumi` and the CLI have to agree on. */
export interface StackRecord {
  readonly stack: string;
  /** PULUMI_BACKEND_URL; absent: the login of the user (`pulumi login`). */
  readonly backend?: string;
}

export const ownBackend = (folder: ClusterFolder): string => pathToFileURL(folder.state).href;

/**
 * The stack of a cluster folder: the one recorded by the run that made it; else PULUMI_STACK or the cluster's name, in the
 * backend of PULUMI_BACKEND_URL or the folder's own.
 */
export async function stackOf(folder: ClusterFolder, clusterName: string, env: Environment): Promise<StackRecord> {
  const recorded = await readJsonIfExists(folder.stack, isStackRecord, STACK_ADVICE);
  if (recorded !== undefined) return recorded;
  return { stack: env["PULUMI_STACK"] ?? clusterName, backend: env["PULUMI_BACKEND_URL"] ?? ownBackend(folder) };
}

const STACK_ADVICE =
  "Restore the file from a backup. If the state is in .virt-ipi/state, as it does unless PULUMI_BACKEND_URL or PULUMI_STACK was set, remove the file.";

const isStackRecord = (value: unknown): value is StackRecord =>
  isRecord(value) && typeof value["stack"] === "string" && ["string", "undefined"].includes(typeof value["backend"]);

/** Whether a run has made the stack, so that its state must be somewhere. */
export const stackIsRecorded = async (folder: ClusterFolder): Promise<boolean> => (await readTextIfExists(folder.stack)) !== undefined;

export const recordStack = (folder: ClusterFolder, record: StackRecord): Promise<void> => writeJson(folder.stack, record);

/**
 * What `pulumi` has to be run with for this cluster, both by the driver and (printed by `virt-ipi env`) by the user.
 * The user's passphrase counts; else one is made, once, into a 0600 file.
 */
export async function pulumiEnvironment(folder: ClusterFolder, record: StackRecord, env: Environment): Promise<Record<string, string>> {
  const own = record.backend === ownBackend(folder);
  for (const path of [folder.own, folder.workspace, folder.state, folder.pulumiHome])
    await mkdir(path, { recursive: true, mode: SECRET_DIRECTORY_MODE });
  return {
    PATH: [...pulumiFolders(env), env["PATH"] ?? ""].join(":"),
    VIRT_IPI_DIR: folder.root,
    PULUMI_STACK: record.stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(env["PULUMI_PARALLEL"] === undefined ? { PULUMI_PARALLEL: String(PARALLEL) } : {}),
    // The encryption salt is in the state too; whoever has no Pulumi.<stack>.yaml (the CLI's lies in the workspace) takes it from there.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    ...(record.backend === undefined ? {} : { PULUMI_BACKEND_URL: record.backend }),
    // The user's own home knows the login and the plugins of another backend.
    ...(own ? { PULUMI_HOME: folder.pulumiHome } : {}),
    ...((await readTextIfExists(folder.trustBundle)) === undefined ? {} : { SSL_CERT_FILE: folder.trustBundle }),
    ...(await passphraseEnvironment(folder, env)),
  };
}

async function passphraseEnvironment(folder: ClusterFolder, env: Environment): Promise<Record<string, string>> {
  if (env["PULUMI_CONFIG_PASSPHRASE"] !== undefined || env["PULUMI_CONFIG_PASSPHRASE_FILE"] !== undefined) return {};
  const known = await readTextIfExists(folder.passphrase);
  if ((known ?? "").trim() === "") {
    // What is secret in the state was encrypted with it.
    if ((await readTextIfExists(folder.stack)) !== undefined)
      throw new InstallerError(
        "STATE_DAMAGED",
        `the passphrase of the state, ${folder.passphrase}, is ${known === undefined ? "missing" : "empty"}`,
        {
          value: folder.passphrase,
        },
      );
    await writeFileAtomic(folder.passphrase, `${randomBytes(24).toString("base64url")}\n`);
  }
  return { PULUMI_CONFIG_PASSPHRASE_FILE: folder.passphrase };
}

/** The run's passphrase, for the Redactor. */
export async function passphraseOf(folder: ClusterFolder, env: Environment): Promise<string | undefined> {
  const file = env["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? folder.passphrase;
  return env["PULUMI_CONFIG_PASSPHRASE"] ?? (await readTextIfExists(file, { follow: file !== folder.passphrase }))?.trim();
}

/** Where the set-up puts its programs; VIRT_IPI_PULUMI names another `pulumi`. */
function pulumiFolders(env: Environment): readonly string[] {
  const named = env["VIRT_IPI_PULUMI"];
  return [...(named === undefined || named === "" ? [] : [dirname(named)]), programsFolder(env)];
}
