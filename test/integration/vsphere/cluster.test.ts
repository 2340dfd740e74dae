import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import type { Vcsim } from "../../../tools/vcsim/index.ts";
import { VALID, validateIgnition } from "../../helpers/ignition-validate.ts";
import { previewSteps } from "../../helpers/preview-steps.ts";
import { eachWithItsVCenters, install, list, machines, tags, vcsim } from "../../helpers/vsphere-bench.ts";
import { oneDomain } from "../../helpers/vsphere-cluster.ts";

/** More clusters, with other places, disks and several vCenters, are nightly: nightly/vsphere-cluster. */
eachWithItsVCenters();

async function extraConfig(where: Vcsim, path: string): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await where.govc("object.collect", "-json", path, "config.extraConfig");
  const [{ val }] = JSON.parse(stdout) as [{ val: { _value: { key: string; value: string }[] } }];
  return Object.fromEntries(val._value.map(({ key, value }) => [key, value]));
}

/** The text of the Ignition config that a machine carries. */
const ignitionIn = (config: Readonly<Record<string, string>>): string =>
  gunzipSync(Buffer.from(config["guestinfo.ignition.config.data"] ?? "", "base64")).toString();

/** Each command is a whole run of the CLI, the engine and two plugins. */
const LONG = { timeout: 15 * 60_000 };

describe("one vCenter, one failure domain", LONG, () => {
  it("is foreseen, made, stays as it is, is mended, and leaves nothing", async () => {
    const cluster = await install(oneDomain(vcsim), [vcsim], { controlPlane: 3, compute: 1 });
    const foreseen = await cluster.cli(["preview"]);
    expect(foreseen.code, foreseen.output).toBe(0);
    expect(await machines(vcsim)).toEqual([]);
    const made = await cluster.createInfra();
    expect(made.code, made.output).toBe(0);
    // A preview is of the whole installation; the waits for it are no part of its infrastructure.
    const steps = previewSteps(foreseen).map(({ operation, kind, name }) => `${operation} ${kind} ${name}`);
    expect(made.done.toSorted()).toEqual(steps.filter((step) => !step.includes(" virt-ipi:cluster:")).toSorted());
    const id = await cluster.infraID();
    const base = `/DC0/vm/${id}`;
    expect(await machines(vcsim)).toEqual(
      [`${id}-bootstrap`, `${id}-master-0`, `${id}-master-1`, `${id}-master-2`, `${id}-rhcos-zone-a`, `${id}-worker-0`].map(
        (name) => `${base}/${name}`,
      ),
    );
    expect(await list(vcsim, "-type", "m", "-runtime.powerState", "poweredOn")).toHaveLength(5);
    expect((await vcsim.govc("cluster.rule.ls", "-cluster", "/DC0/host/DC0_C0")).stdout.trim()).toBe(`${id}-DC0_C0-anti-affinity`);

    const config = await extraConfig(vcsim, `${base}/${id}-master-1`);
    expect(config).toMatchObject({
      "guestinfo.hostname": `${id}-master-1`,
      "stealclock.enable": "TRUE",
      "guestinfo.ignition.config.data.encoding": "gzip+base64",
    });
    for (const name of ["bootstrap", "master-0", "master-1", "master-2", "worker-0"]) {
      const text = ignitionIn(await extraConfig(vcsim, `${base}/${id}-${name}`));
      expect(await validateIgnition(text), name).toEqual(VALID);
      expect(JSON.parse(text), name).toMatchObject({ ignition: { version: "3.2.0" } });
    }
    expect((await vcsim.govc("object.collect", "-s", `${base}/${id}-master-1`, "config.flags.diskUuidEnabled")).stdout.trim()).toBe("true");
    // A clone has the notes of its template, unless it has its own; what others write there stays.
    const notes = async (): Promise<string> =>
      (await vcsim.govc("object.collect", "-s", `${base}/${id}-master-1`, "config.annotation")).stdout.trim();
    expect(await notes()).toBe(`virt-ipi machine of ${id}`);
    await vcsim.govc("vm.change", "-vm", `${base}/${id}-master-1`, "-annotation", "of team blue");

    const again = await cluster.createInfra();
    expect(again.code, again.output).toBe(0);
    expect(again.done).toEqual([]);
    expect(await notes()).toBe("of team blue");

    // Somebody turns a machine off and removes another.
    await vcsim.govc("vm.power", "-off", `${base}/${id}-master-1`);
    await vcsim.govc("vm.destroy", `${base}/${id}-worker-0`);
    const preview = await cluster.cli(["preview"]);
    expect(preview.code, preview.output).toBe(0);
    const changes = previewSteps(preview);
    expect(changes).toContainEqual({ operation: "create", kind: "vsphere:index/virtualMachine:VirtualMachine", name: `${id}-worker-0` });
    expect(changes).toContainEqual({ operation: "update", kind: "virt-ipi:vsphere:PoweredOn", name: `127.0.0.1/DC0/vm/${id}/control-plane` });
    const mended = await cluster.createInfra();
    expect(mended.code, mended.output).toBe(0);
    expect(mended.done).toContain(`create vsphere:index/virtualMachine:VirtualMachine ${id}-worker-0`);
    expect(await list(vcsim, "-type", "m", "-runtime.powerState", "poweredOn")).toHaveLength(5);

    const dryRun = await cluster.cli(["destroy", "cluster", "--dry-run"]);
    expect(dryRun.output).toContain(`${id}-bootstrap`);
    expect(await machines(vcsim)).toHaveLength(6);

    // As BootstrapComplete leaves it, which no machine of a simulator comes to.
    await writeFile(join(cluster.dir, ".virt-ipi/bootstrap-complete.json"), `{"infraID":"x"}`);
    const without = await cluster.createInfra();
    expect(without.code, without.output).toBe(0);
    expect(without.done.toSorted()).toEqual([
      `delete virt-ipi:vsphere:PoweredOn 127.0.0.1/DC0/vm/${id}/bootstrap`,
      `delete vsphere:index/virtualMachine:VirtualMachine ${id}-bootstrap`,
    ]);
    expect(await machines(vcsim)).toHaveLength(5);

    // A control-plane machine that is made from now on finds nobody who serves its config; those there are stay as they are.
    const firstOf = async (name: string): Promise<string> => ignitionIn(await extraConfig(vcsim, `${base}/${id}-${name}`));
    const [before, other] = [await firstOf("master-2"), await firstOf("master-1")];
    expect(before).toContain(":22623/config/master");
    await vcsim.govc("vm.destroy", `${base}/${id}-master-2`);
    const joined = await cluster.createInfra();
    expect(joined.code, joined.output).toBe(0);
    expect(joined.done).toContain(`create vsphere:index/virtualMachine:VirtualMachine ${id}-master-2`);
    const whole = await firstOf("master-2");
    expect(whole).not.toContain(":22623/config/master");
    expect(whole.length).toBeGreaterThan(10 * before.length);
    expect(await validateIgnition(whole)).toEqual(VALID);
    expect(await firstOf("master-1")).toBe(other);

    const destroyed = await cluster.cli(["destroy", "cluster"]);
    expect(destroyed.code, destroyed.output).toBe(0);
    expect(await machines(vcsim)).toEqual([]);
    expect(await list(vcsim, "-type", "f", "-name", id)).toEqual([]);
    expect(await tags(vcsim)).not.toContain(id);
    expect((await vcsim.govc("cluster.rule.ls", "-cluster", "/DC0/host/DC0_C0")).stdout).not.toContain(id);
    const receipt = destroyed.events.find(({ type }) => type === "result") as unknown as { receipt: string };
    const text = await readFile(receipt.receipt, "utf8");
    expect(JSON.parse(text)).toMatchObject({ infraID: id, left: [] });
    expect(text).not.toContain(vcsim.password);
    expect((JSON.parse(text) as { objects: { name: string }[] }).objects.map(({ name }) => name)).toContain(`${id}-master-0`);
  });

  it("has static addresses before the first boot, keeps its password to itself, and tries one that has become wrong once", async () => {
    const host = (role: string, address: string): object => ({
      role,
      networkDevice: { ipAddrs: [`${address}/24`], gateway: "192.168.126.1", nameservers: ["192.168.126.2"] },
    });
    const hosts = [host("bootstrap", "192.168.126.20"), host("control-plane", "192.168.126.21")];
    const cluster = await install(oneDomain(vcsim), [vcsim], { platform: { hosts } });
    // In no state, log or list of processes.
    let seen = "";
    const made = await cluster.createInfra(() => {
      void run("ps", ["-eo", "args"]).then(({ stdout }) => (seen += stdout));
    });
    expect(made.code, made.output).toBe(0);
    expect(seen).toContain("pulumi");
    expect(seen).not.toContain(vcsim.password);
    expect(made.output).not.toContain(vcsim.password);
    for (const place of [".virt-ipi/state", ".virt-ipi/log.jsonl", ".virt-ipi/journal.jsonl", ".virt-ipi/workspace"]) {
      const { stdout } = await run(
        "grep",
        ["-rlF", "-e", vcsim.password, "-e", JSON.stringify(vcsim.password).slice(1, -1), join(cluster.dir, place)],
        { accept: [1] },
      );
      expect(stdout).toBe("");
    }
    expect((await stat(join(cluster.dir, "metadata.json"))).mode & 0o777).toBe(0o600);
    const metadata = JSON.parse(await readFile(join(cluster.dir, "metadata.json"), "utf8")) as { vsphere: object };
    expect(metadata.vsphere).toMatchObject({
      terraform_platform: "vsphere",
      VCenters: [{ vCenter: vcsim.server, username: vcsim.user, password: vcsim.password }],
    });

    const id = await cluster.infraID();
    expect(await extraConfig(vcsim, `/DC0/vm/${id}/${id}-master-0`)).toMatchObject({
      "guestinfo.afterburn.initrd.network-kargs": "ip=192.168.126.21::192.168.126.1:255.255.255.0:::none nameserver=192.168.126.2",
    });

    // A wrong one changes nothing.
    const there = await machines(vcsim);
    // Whoever is not let in posts nothing else to the REST APIs.
    const logins = async (): Promise<number> => {
      const requests = await vcsim.control.requests();
      return ["/sdk Login", "/rest POST", "/api POST"].reduce((sum, each) => sum + (requests[each] ?? 0), 0);
    };
    for (const [file, args] of [
      ["install-config.yaml", ["create", "infra"]],
      ["install-config.yaml", ["preview"]],
      ["metadata.json", ["destroy", "cluster"]],
      ["metadata.json", ["destroy", "cluster", "--dry-run"]],
    ] as const) {
      const path = join(cluster.dir, file);
      const right = await readFile(path, "utf8");
      await writeFile(path, right.replaceAll(vcsim.password, "wrong"));
      const before = await logins();
      const refused = await cluster.cli(args);
      expect(refused.code, refused.output).toBe(4);
      expect(refused.output).toContain("VCENTER_LOGIN");
      expect((await logins()) - before, args.join(" ")).toBe(1);
      await writeFile(path, right);
    }
    expect(await machines(vcsim)).toEqual(there);
    // What destroy goes by is what the last run was told.
    expect((await cluster.cli(["preview"])).code).toBe(0);
    const destroyed = await cluster.cli(["destroy", "cluster"]);
    expect(destroyed.code, destroyed.output).toBe(0);
  });

  it("says of compute machines that the cluster itself creates them, and prepares their failure domain", async () => {
    const cluster = await install(oneDomain(vcsim), [vcsim], { compute: 2, config: { machineManagement: "MachineSets" } });
    const foreseen = await cluster.cli(["preview"]);
    expect(foreseen.code, foreseen.output).toBe(0);
    const id = await cluster.infraID();
    const result = foreseen.events.find(({ type }) => type === "result");
    expect(result).toMatchObject({ createdByCluster: [{ machineSet: `${id}-worker-0`, machines: 2 }] });
    const names = previewSteps(foreseen).map(({ name }) => name);
    expect(names).toContain(`MachineSet/${id}-worker-0`);
    expect(names.filter((name) => name.startsWith(`${id}-worker`))).toEqual([]);
    expect(foreseen.output).not.toContain(vcsim.password);
  });
});
