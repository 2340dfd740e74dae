import { X509Certificate } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { machineFolder, type MachineFolder } from "../../helpers/machine-script.ts";
import { makeTestKubeconfig, TestAuthority } from "../../helpers/pki.ts";

/** The scripts that start a kubelet, with real certificates: whom a machine asks for its first certificate as. */
let machine: MachineFolder;
let authority: TestAuthority;
let shared: string;

beforeEach(async () => {
  machine = await machineFolder();
  authority = await TestAuthority.make("kube-ca");
  const kubernetes = join(machine.path, "kubernetes");
  await mkdir(join(kubernetes, "pki"), { recursive: true });
  for (const [name, { cert, key }] of [["kube-ca", authority] as const, ["etcd-ca", await TestAuthority.make("etcd-ca")] as const]) {
    await writeFile(join(kubernetes, `pki/${name}.crt`), cert);
    await writeFile(join(kubernetes, `pki/${name}.key`), key, { mode: 0o600 });
  }
  const user = await authority.issue({
    subject: { commonName: "system:bootstrap:virt-ipi", organizations: ["system:bootstrappers"] },
    usage: "client",
  });
  // Our own are YAML, one field a line.
  shared = makeTestKubeconfig("https://api-int.c.example.com:6443", authority.cert, user).replaceAll(/[,{}]/g, "\n").replaceAll('"', "");
  await writeFile(join(kubernetes, "kubelet-bootstrap.kubeconfig"), shared, { mode: 0o600 });
  await writeFile(join(machine.path, "node.env"), "NODE_NAME=c-here-0\nNODE_IP=192.168.126.10\n");
  const places = {
    "/etc/kubernetes": kubernetes,
    "/etc/virt-ipi/cluster.env": join(machine.path, "cluster.env"),
    "/run/virt-ipi/node.env": join(machine.path, "node.env"),
    "/usr/local/libexec/virt-ipi": join(machine.path, "bin"),
    "/usr/bin/kubelet": "true",
  };
  for (const name of ["issue-certificate", "machine-certificates", "kubelet"]) await machine.script(name, `kubernetes/scripts/${name}`, places);
});

afterEach(() => machine?.dispose());

async function start(role: string, ...commands: readonly string[]): Promise<string> {
  const env = { ROLE: role, CLUSTER_DOMAIN: "c.example.com", API_VIP: "192.168.126.5", SERVICE_API_IP: "172.30.0.1" };
  await writeFile(
    join(machine.path, "cluster.env"),
    Object.entries(env)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(""),
  );
  for (const command of commands) await machine.run(command);
  return await readFile(join(machine.path, "kubernetes/kubelet-bootstrap.kubeconfig"), "utf8");
}

it("asks on a control-plane machine in the machine's own name, with a credential that only the authority's key makes", async () => {
  // Also when it starts a second time.
  const kubeconfig = await start("master", "machine-certificates", "kubelet", "machine-certificates", "kubelet");
  const [certificate = "", key = ""] = ["client-certificate", "client-key"].map(
    (field) => new RegExp(`^${field}: (\\S+)$`, "m").exec(kubeconfig)?.[1] ?? "",
  );
  expect(kubeconfig).not.toMatch(/client-(certificate|key)-data/);
  const issued = new X509Certificate(await readFile(certificate, "utf8"));
  expect(issued.subject.split("\n").toSorted()).toEqual(["CN=system:bootstrap:c-here-0", "O=system:bootstrappers"]);
  expect(issued.checkIssued(new X509Certificate(authority.cert))).toBe(true);
  expect((await stat(key)).mode & 0o777).toBe(0o600);
  expect((await stat(join(machine.path, "kubernetes/kubelet-bootstrap.kubeconfig"))).mode & 0o777).toBe(0o600);
});

it("asks on a compute machine by the credential of all of them", async () => {
  expect(await start("worker", "kubelet")).toBe(shared);
});

it("has no such credential on the bootstrap machine, which is no node", async () => {
  await start("bootstrap", "machine-certificates");
  expect(await readdir(join(machine.path, "kubernetes/pki"))).not.toContain("kubelet-bootstrap.crt");
});
