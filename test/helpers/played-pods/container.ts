import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { dirname, join } from "node:path";
import type { KubeControlPlane, KubeProgram } from "../kube-control-plane.ts";
import { relay } from "./relay.ts";

/** What a container is: a program with files, ports and an environment of its own. */
export interface ContainerOptions {
  /** Of its folder and its log; no other runs under it at the same time. */
  readonly name: string;
  /** Path of its program. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Content by path, in /run or /tmp. */
  readonly files: Readonly<Record<string, string>>;
  /** On which it listens, sooner or later. */
  readonly ports: readonly number[];
}

/** What the first process of its namespaces reads. */
export interface Inside extends Omit<ContainerOptions, "name"> {
  readonly apiPort: number;
}

export interface Container {
  readonly program: KubeProgram;
  /** Something listens on all of its ports. */
  readonly ready: boolean;
  /** Leads a connection to one of its ports. */
  serve(socket: Socket, port: number): void;
  stop(): Promise<void>;
}

/**
 * Starts a program in namespaces of its own, which end with it: one of the network, with nothing but loopback, where the API server has the address that
 * it has outside; one of mounts, with /run and /tmp of its own; and one of processes.
 */
export async function startContainer(cluster: KubeControlPlane, { name, ...options }: ContainerOptions): Promise<Container> {
  const apiPort = apiPortOf(cluster);
  const file = await cluster.file(`${name}/container.json`, JSON.stringify({ ...options, apiPort } satisfies Inside));
  const socketOf = (port: number | "api"): string => join(dirname(file), String(port));
  for (const port of ["api", ...options.ports] as const) await rm(socketOf(port), { force: true });
  const api = createServer((socket) => relay(socket, { host: "127.0.0.1", port: apiPort })).listen(socketOf("api"));
  await once(api, "listening");
  const namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const program = cluster.run(name, "/usr/bin/unshare", [...namespaces, process.execPath, join(import.meta.dirname, "inside.ts"), file], {
    PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
  });
  return {
    program,
    get ready() {
      return program.running && options.ports.every((port) => existsSync(socketOf(port)));
    },
    serve: (socket, port) => relay(socket, { path: socketOf(port) }),
    stop: async () => {
      await program.stop();
      api.close();
    },
  };
}

/** Of the API server's address, which is the same in all containers. */
export const apiPortOf = ({ server }: KubeControlPlane): number => Number(new URL(server).port);
