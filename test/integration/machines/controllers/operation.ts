import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { expect, it } from "vitest";
import { getOverSocket } from "../../../helpers/machine-api.ts";
import type { Rig } from "./rig.ts";

/** What a host sees of the program. */
export function operation(rig: () => Rig): void {
  it("tells its health and its metrics over a socket of its own user", async () => {
    const { machines } = rig();
    const socket = rig().statusSocket();
    expect(((await stat(socket)).mode & 0o777).toString(8)).toBe("600");
    expect(await getOverSocket(socket, "/healthz")).toMatchObject({ status: 200 });
    expect(await getOverSocket(socket, "/readyz")).toMatchObject({ status: 200 });
    await machines.createMachine("measured");
    await machines.untilPhase("measured", "Provisioned");
    const { status, body } = await getOverSocket(socket, "/metrics");
    expect(status).toBe(200);
    expect(body).toMatch(/^mapi_machine_phase_transition_seconds_count\{phase="Provisioned"\} [1-9]/m);
    expect(body).toMatch(/^controller_runtime_reconcile_total\{controller="machineset_controller",result="success"\} /m);
    expect(body).toMatch(/^rest_client_requests_total\{code="200",.*method="GET"\} /m);
    expect((await getOverSocket(socket, "/debug/pprof/")).status).toBe(404);
  });

  it("listens on no port", async () => {
    const inodes = await socketsOf(rig().program().pid);
    expect(inodes.size).toBeGreaterThan(0);
    for (const table of ["tcp", "tcp6", "udp", "udp6"]) {
      const lines = (await readFile(`/proc/net/${table}`, "utf8")).trim().split("\n").slice(1);
      // In the table of connections state 0A is LISTEN; a datagram socket has none.
      const own = lines.map((line) => line.trim().split(/\s+/)).filter((fields) => inodes.has(fields[9] ?? ""));
      expect(own.filter((fields) => table.startsWith("udp") || fields[3] === "0A")).toEqual([]);
    }
  });

  it("logs lines of JSON", async () => {
    const lines = (await rig().program().log()).trim().split("\n");
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) as string, msg: expect.any(String) as string });
  });

  it("hides what Secrets hold", async () => {
    const { machines, actuator } = rig();
    const secret = `canary "quoted" ${"x".repeat(20)}`;
    await machines.kube.create(`/api/v1/namespaces/${machines.name}/secrets`, { metadata: { name: "canary" }, stringData: { userData: secret } });
    // An actuator that repeats what it was given.
    const error = { kind: "Failed", reason: "Repeated", message: `cannot use ${secret}` } as const;
    actuator.fail(/^canary$/, "create", { error }, 3);
    await machines.createMachine("canary", { providerSpec: { value: { userDataSecret: { name: "canary" } } } });
    await machines.untilPhase("canary", "Provisioned");
    expect(actuator.instances.get("canary")?.userData).toBe(secret);
    const log = await rig().program().log();
    expect(log).toContain("cannot use [hidden]");
    expect(log).not.toContain(JSON.stringify(secret).slice(1, -1));
    expect((await getOverSocket(rig().statusSocket(), "/metrics")).body).not.toContain("canary \\");
  });
}

/** Inodes of the sockets that a process has open. */
async function socketsOf(pid: number): Promise<ReadonlySet<string>> {
  const links = await Promise.all((await readdir(`/proc/${pid}/fd`)).map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => "")));
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}
