import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { machineFolder } from "../../helpers/machine-script.ts";

const VIPS = { API_VIP: "10.0.0.5", INGRESS_VIP: "10.0.0.6" };

/** What keepalived is told to keep on a machine; undefined where it is not started. */
async function kept(env: Readonly<Record<string, string>>): Promise<readonly string[] | undefined> {
  const machine = await machineFolder();
  try {
    const at = (name: string): string => join(machine.path, name);
    const values = { LOAD_BALANCER: "OpenShiftManagedDefault", INGRESS_ROLE: "worker", API_ROUTER_ID: "1", INGRESS_ROUTER_ID: "2", ...VIPS, ...env };
    await writeFile(
      at("cluster.env"),
      Object.entries(values)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(""),
    );
    await writeFile(at("node.env"), "NODE_NAME=one\nNODE_INTERFACE=eth0\nSLOW=0\n");
    await machine.command("keepalived", `#!/bin/sh\ntouch ${at("started")}\n`);
    await machine.command("sleep", "#!/bin/sh\n");
    await machine.script("api-vip", "kubernetes/scripts/api-vip", {
      "/etc/virt-ipi/cluster.env": at("cluster.env"),
      "/run/virt-ipi/node.env": at("node.env"),
      "/run/virt-ipi/keepalived.conf": at("keepalived.conf"),
      "/usr/sbin/keepalived": at("bin/keepalived"),
    });
    await machine.run("api-vip");
    const started = await readFile(at("started")).then(
      () => true,
      () => false,
    );
    if (!started) return undefined;
    return [...(await readFile(at("keepalived.conf"), "utf8")).matchAll(/virtual_ipaddress \{\s*(\S+)/g)].map(([, address = ""]) => address);
  } finally {
    await machine.dispose();
  }
}

it.each<[role: string, env: Record<string, string>, expected: readonly string[] | undefined]>([
  ["bootstrap", {}, ["10.0.0.5"]],
  ["master", {}, ["10.0.0.5"]],
  ["master", { INGRESS_ROLE: "master" }, ["10.0.0.5", "10.0.0.6"]],
  ["worker", {}, ["10.0.0.6"]],
  ["master", { API_VIP: "", INGRESS_VIP: "" }, undefined],
  // The addresses are the load balancer's: two that answer for one would be the end of both.
  ["bootstrap", { LOAD_BALANCER: "UserManaged" }, undefined],
  ["master", { LOAD_BALANCER: "UserManaged", INGRESS_ROLE: "master" }, undefined],
  ["worker", { LOAD_BALANCER: "UserManaged" }, undefined],
])("a machine with role %s and %j keeps %j", async (role, env, expected) => {
  expect(await kept({ ROLE: role, ...env })).toEqual(expected);
});
