import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { freePorts } from "../../helpers/free-ports.ts";

it("gives ports that no connection of this host takes by itself, and none twice", async () => {
  const [lowest = 0, highest = 0] = (await readFile("/proc/sys/net/ipv4/ip_local_port_range", "utf8")).trim().split(/\s+/).map(Number);
  const ports = [...(await freePorts(50)), ...(await freePorts(50))];
  expect(new Set(ports).size).toBe(100);
  expect(ports.filter((port) => port <= 1024 || (port >= lowest && port <= highest))).toEqual([]);
});

it("leaves out those on which somebody listens", async () => {
  const [before = 0] = await freePorts(1);
  const server = createServer().listen(before + 1, "127.0.0.1");
  await once(server, "listening");
  try {
    expect(await freePorts(3)).not.toContain(before + 1);
  } finally {
    server.close();
  }
});
