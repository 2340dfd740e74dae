import { once } from "node:events";
import { createServer } from "node:net";

/** Below those that the kernel gives to outgoing connections and to servers that ask for any port: net.ipv4.ip_local_port_range. */
const FIRST = 16_384;
/** For each process of a test run, so that no two look at the same. */
const EACH = 512;
const PROCESSES = 32;

const first = FIRST + (Number(process.env["VITEST_POOL_ID"] ?? process.pid) % PROCESSES) * EACH;
// Another run of the tests on this host begins elsewhere.
let next = process.pid % EACH;

/** Ports of loopback on which nobody listens, for programs that are told theirs: nobody else is given them until they listen there. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  for (let left = EACH; ports.length < count; left--) {
    if (left === 0) throw new Error(`not ${count} of the ports from ${first} to ${first + EACH - 1} are free`);
    const port = first + next;
    next = (next + 1) % EACH;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
