import { request } from "node:http";

/** Whether the controllers of a process are ready to work: they know the cluster's objects, and their actuator answers. */
export interface ControllersReadiness {
  readonly ready: boolean;
  /** Why not, in their own words. */
  readonly reason?: string;
}

const LIMIT_MS = 10_000;
const LONGEST_REASON = 500;

/** Asks the controllers' status socket. Never throws. */
export async function controllersReadiness(socketPath: string): Promise<ControllersReadiness> {
  return await new Promise((resolve) => {
    const notReady = (reason: string): void => resolve({ ready: false, reason });
    const outgoing = request({ socketPath, path: "/readyz", agent: false, timeout: LIMIT_MS }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (text = `${text}${part}`.slice(0, LONGEST_REASON)));
      response.on("error", () => notReady("their status socket was closed"));
      response.on("end", () => (response.statusCode === 200 ? resolve({ ready: true }) : notReady(text.trim())));
    });
    outgoing.on("timeout", () => outgoing.destroy());
    outgoing.on("error", (error: NodeJS.ErrnoException) =>
      notReady(error.code === "ENOENT" || error.code === "ECONNREFUSED" ? "they have not started yet" : "their status socket does not answer"),
    );
    outgoing.end();
  });
}
