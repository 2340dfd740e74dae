import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redactor, type InstallerEvent } from "../../src/events/index.ts";
import type { Runner } from "../../src/exec/index.ts";
import type { World } from "../../src/installer/index.ts";
import { clusterFolder } from "../../src/stack/index.ts";
import type { Environment } from "../../src/util/index.ts";
import { kvm, yamlOf } from "../unit/config/verdicts/support.ts";

/** A cluster folder as an installation with MachineSets leaves it, as far as it is read without the keys. */
export interface MachineSetsFolder {
  readonly world: World;
  readonly root: string;
  readonly events: readonly InstallerEvent[];
  remove(): Promise<void>;
}

export interface MachineSetsFolderOptions {
  readonly infraID?: string;
  readonly kubeconfig?: string;
  readonly run?: Runner;
  readonly env?: Environment;
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
}

/** @param options `kubeconfig` is the administrator's; `changes` are of the install-config, by path */
export async function machineSetsFolder(options: MachineSetsFolderOptions = {}): Promise<MachineSetsFolder> {
  const { infraID = "test-abcde", kubeconfig = "", env = {}, changes = {} } = options;
  const root = await mkdtemp(join(tmpdir(), "virt-ipi-sets-"));
  const folder = clusterFolder(root);
  await Promise.all([mkdir(join(root, "auth")), mkdir(folder.own)]);
  const identity = { infraID, clusterID: "6d7c2f0e-5f0a-4c39-9a55-0a8d4ad0f111", createdAt: "2026-01-01T00:00:00Z" };
  await writeFile(folder.installConfig, yamlOf(kvm, { distribution: "kubernetes", machineManagement: "MachineSets", ...changes }));
  await writeFile(folder.identity, JSON.stringify(identity));
  const platform = { uri: "qemu:///system", pool: infraID, poolOwned: true, network: infraID, machines: [] };
  await writeFile(folder.metadata, JSON.stringify({ clusterName: "test", infraID, clusterID: identity.clusterID, kvm: platform }));
  await writeFile(join(root, "auth/machine-controller.kubeconfig"), kubeconfig);
  if (kubeconfig !== "") await writeFile(folder.kubeconfig, kubeconfig);
  const events: InstallerEvent[] = [];
  let now = Date.parse("2026-01-01T00:10:00Z");
  const world: World = {
    folder,
    reporter: { emit: (event) => events.push(event) },
    redactor: new Redactor(),
    clock: {
      now: () => new Date(now),
      sleep: (ms) => {
        now += ms;
        return Promise.resolve();
      },
    },
    entropy: (size) => new Uint8Array(size),
    run: options.run ?? (() => Promise.reject(new Error("no programs here"))),
    env,
    signal: options.signal ?? new AbortController().signal,
    version: "0.0.1",
  };
  return { world, root, events, remove: async () => await rm(root, { recursive: true, force: true }) };
}
