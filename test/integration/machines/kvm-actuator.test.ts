import { randomUUID } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ActuatorSite } from "../../helpers/actuator-site.ts";

let site: ActuatorSite;
let empty: unknown;

beforeAll(async () => {
  site = await ActuatorSite.open();
  await site.serve(await site.actuator());
  empty = await site.world();
});
afterAll(() => site.close());

const NAME = "c-abcde-worker-xk2p7";

describe("a machine's life", () => {
  const uid = randomUUID();
  const machine = () => site.machine(NAME, {}, { uid });
  let address: string;

  it("is not there before it is made", async () => {
    expect(await site.ask("exists", machine())).toEqual({ exists: false });
    expect(await site.ask("update", machine())).toMatchObject({ error: { kind: "Failed", reason: "InstanceMissing" } });
  });

  it("is made as the installer's own machines are", async () => {
    const answer = await site.ask("create", machine());
    expect(answer.error).toBeUndefined();
    address = answer.addresses?.find(({ type }) => type === "InternalIP")?.address ?? "";
    expect(answer).toMatchObject({
      providerID: `kvm:///local/${uid}`,
      instanceState: "running",
      instanceType: "1cpu-64MiB",
      zone: "local",
      addresses: [
        { type: "InternalIP", address: expect.stringMatching(/^192\.168\.126\.(1\d\d|2[0-5]\d)$/) as string },
        { type: "Hostname", address: NAME },
        { type: "InternalDNS", address: NAME },
      ],
      providerStatus: { instanceId: uid, instanceState: "running", conditions: [{ status: "True", reason: "Created" }] },
    });
    const xml = await site.virsh("dumpxml", NAME);
    expect(xml).toContain(`infraID="c-abcde" role="compute"`.replaceAll('"', xml.includes(`infraID='`) ? "'" : '"'));
    expect(await site.virsh("domuuid", NAME)).toBe(uid);
    expect(await site.virsh("vol-dumpxml", "--pool", "c-abcde", `${NAME}.qcow2`)).toMatch(
      /capacity unit='bytes'>1073741824<[\s\S]*c-abcde-base\.qcow2/,
    );
  });

  it("is started with its name and its own token, which only QEMU may read", async () => {
    const path = join(site.poolFolder(), `${NAME}.ign`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const text = await readFile(path, "utf8");
    expect(JSON.parse(text)).toMatchObject({
      ignition: {
        config: { merge: [{ httpHeaders: [{ name: "Authorization", value: `Bearer ${site.tokens({ pool: "worker", machine: NAME })}` }] }] },
      },
      storage: { files: [{ path: "/etc/hostname" }] },
    });
    expect(await site.virsh("dumpxml", NAME)).not.toContain("Bearer");
  });

  it("has its address by DHCP and its names in DNS, now and after the network's next start", async () => {
    const mac = /mac address='(.*?)'/.exec(await site.virsh("dumpxml", NAME))?.[1];
    for (const flags of [[], ["--inactive"]]) {
      const text = await site.virsh("net-dumpxml", "c-abcde", ...flags);
      expect(text).toContain(`<host mac='${mac}' name='${NAME}' ip='${address}'/>`);
      expect(text).toContain(`<hostname>${NAME}.c.example.com</hostname>`);
    }
    const script = `import dns from "node:dns/promises"; const r = new dns.Resolver(); r.setServers(["192.168.126.1"]); console.log(await r.resolve4("${NAME}.c.example.com"));`;
    const node = join(process.cwd(), "node_modules/.bin/node");
    expect((await site.host.exec([node, "--input-type=module", "-e", script])).stdout).toContain(address);
  });

  it("is the same when it is made again, and changes nothing", async () => {
    const [before, first] = [await site.world(), await site.ask("update", machine())];
    expect(await site.ask("create", machine())).toMatchObject({ ...first, providerStatus: { instanceId: uid } });
    const { providerStatus: _status, ...facts } = first;
    expect(await site.ask("exists", machine())).toMatchObject({ ...facts, exists: true });
    expect(await site.world()).toEqual(before);
  });

  it("is nothing that the installer's network resource sees, or takes away", async () => {
    const { network, networkOutputs: outputs } = site;
    const before = await site.world();
    expect(await site.client.read("virt-ipi:kvm:Network", "c-abcde", network, outputs)).toEqual({ id: "c-abcde", inputs: network, outputs });
    const more = { name: "c-abcde-worker-0", macAddress: "52:54:00:00:00:20", ipAddress: "192.168.126.20" };
    const changed = { ...network, reservations: [...(network["reservations"] as object[]), more] };
    await site.client.update("virt-ipi:kvm:Network", "c-abcde", { inputs: network, outputs }, changed);
    await site.client.update("virt-ipi:kvm:Network", "c-abcde", { inputs: changed, outputs }, network);
    expect(await site.world()).toEqual(before);
  });

  it("gets back the entries that somebody has taken", async () => {
    const before = await site.world();
    const text = await site.virsh("net-dumpxml", "c-abcde");
    const entry = new RegExp(`<host mac='.*' name='${NAME}' ip='.*'/>`).exec(text)?.[0] ?? "";
    await site.virsh("net-update", "c-abcde", "delete", "ip-dhcp-host", entry, "--live", "--config");
    await site.virsh("net-update", "c-abcde", "delete", "dns-host", `<host ip='${address}'/>`, "--live");
    expect(await site.ask("update", machine())).toMatchObject({ addresses: [{ address }, {}, {}] });
    expect(await site.world()).toEqual(before);
  });

  it("is reported as it is", async () => {
    await site.virsh("suspend", NAME);
    expect(await site.ask("exists", machine())).toMatchObject({ exists: true, instanceState: "paused" });
    await site.virsh("destroy", NAME);
    expect(await site.ask("update", machine())).toMatchObject({ instanceState: "shut off", addresses: [{ address }, {}, {}] });
    expect(await site.ask("exists", machine())).toMatchObject({ exists: true, instanceState: "shut off" });
    await site.virsh("start", NAME);
  });

  it("is unknown, and never gone, while libvirt does not answer", async () => {
    const pid = Number(await readFile(join(site.host.dir, "libvirtd.pid"), "utf8"));
    process.kill(pid, "SIGSTOP");
    const asked = site.ask("exists", machine());
    await new Promise((resolve) => setTimeout(resolve, 300));
    process.kill(pid, "SIGKILL");
    const unknown = { error: { kind: "Failed", reason: "HostUnreachable" } };
    const answer = await asked;
    expect(answer).toMatchObject(unknown);
    expect(answer.exists).toBeUndefined();
    for (const operation of ["exists", "update", "create", "delete"] as const) expect(await site.ask(operation, machine())).toMatchObject(unknown);
    await site.restartLibvirt();
    expect(await site.ask("exists", machine())).toMatchObject({ exists: true, instanceState: "running" });
  });

  it("is gone when its domain is, and what it left goes with its Machine", async () => {
    await site.virsh("destroy", NAME);
    await site.virsh("undefine", NAME);
    expect(await site.ask("exists", machine())).toEqual({ exists: false });
    expect((await site.ask("delete", machine())).error).toBeUndefined();
    expect(await site.world()).toEqual(empty);
  });

  it("leaves nothing, and can be removed again", async () => {
    await site.ask("create", machine());
    expect((await site.ask("delete", machine())).error).toBeUndefined();
    expect(await site.world()).toEqual(empty);
    expect((await site.ask("delete", machine())).error).toBeUndefined();
    expect(await site.ask("exists", machine())).toEqual({ exists: false });
  });
});
