import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fixtureKeys, inputOf, renderScenario } from "../golden/openshift/scenarios.ts";
import { TestAuthority } from "../helpers/pki.ts";
import { bootGuest, shows, type Guest } from "../helpers/qemu-guest.ts";
import { IDENTITY } from "../unit/assets/spec.ts";
import { ignitionFiles } from "../helpers/ignition-files.ts";

/** A control-plane machine's pointer, followed by Ignition in a real guest to a server with the certificate of the bootstrap machine. */
const API_VIP = "10.0.0.100";
const PORT = 22_623;
const SERVED = "the served config is applied";

let folder: string;
let pointer = "";
let own: { cert: string; key: string };
const guests: Guest[] = [];
const servers: Server[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-pointer-"));
  const input = (await inputOf("vsphere", "4.21")).replace("10.0.0.2]", `${API_VIP}]`);
  const assets = await renderScenario(input, await fixtureKeys(input, false), { ...IDENTITY, createdAt: new Date().toISOString() });
  pointer = assets.get("master.ign")?.content ?? "";
  const files = ignitionFiles(assets.get("bootstrap.ign")?.content ?? "");
  const text = (name: string): string => files.get(`/opt/openshift/tls/${name}`)?.text ?? expect.fail(`no ${name}`);
  own = { cert: text("machine-config-server.crt"), key: text("machine-config-server.key") };
});

afterAll(async () => {
  for (const guest of guests) await guest.dispose();
  for (const server of servers) server.close();
  await rm(folder, { recursive: true, force: true });
});

it("is a pointer to the API's VIP", () => {
  expect(JSON.parse(pointer)).toMatchObject({ ignition: { config: { merge: [{ source: `https://${API_VIP}:${PORT}/config/master` }] } } });
});

it.concurrent("applies what a server with the machine's own certificate serves", async () => {
  const { guest, asked } = await boot("believed", own);
  await shows(guest, new RegExp(SERVED));
  expect(asked).toContain("/config/master");
});

it.concurrent("asks nothing of a server that another authority has certified", async () => {
  const authority = await TestAuthority.make("other");
  const other = await authority.issue({ subject: { commonName: "mcs" }, usage: "server", names: [{ type: "ip", value: API_VIP }] });
  const { guest, asked } = await boot("refused", other);
  await shows(guest, /certificate signed by unknown authority/);
  expect(await guest.console()).not.toContain(SERVED);
  expect(asked).toEqual([]);
});

/** A guest that finds a server with this certificate at the VIP. */
async function boot(name: string, { cert, key }: { cert: string; key: string }): Promise<{ guest: Guest; asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer({ cert, key }, (request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(200, { "content-type": "application/json" }).end(served());
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const finds = { address: API_VIP, port: PORT, hostPort: (server.address() as AddressInfo).port };
  const guest = await bootGuest({ name, dir: folder, ignition: pointer, memoryMB: 1_024, network: "10.0.0.0/24", address: "10.0.0.20", finds });
  guests.push(guest);
  return { guest, asked };
}

function served(): string {
  const contents = `[Service]\nType=oneshot\nStandardOutput=tty\nTTYPath=/dev/console\nExecStart=/bin/echo ${SERVED}\n[Install]\nWantedBy=multi-user.target\n`;
  return JSON.stringify({ ignition: { version: "3.2.0" }, systemd: { units: [{ name: "applied.service", enabled: true, contents }] } });
}
