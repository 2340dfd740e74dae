import { writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { machineFolder, type MachineFolder } from "../../helpers/machine-script.ts";

/** How a controller starts on a control-plane machine: its script on a real API server, with a controller that ends at once. */
const LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
const CONTROLLERS = ["kube-controller-manager", "kube-scheduler"] as const;

let cluster: KubeControlPlane;
let machine: MachineFolder;

beforeAll(async () => {
  cluster = await startKubeControlPlane();
  machine = await machineFolder();
  const at = (name: string): string => join(machine.path, name);
  const admin = await cluster.issue({ commonName: "system:admin", organizations: ["system:masters"] });
  await writeFile(at("ca.crt"), cluster.authority.cert);
  await writeFile(at("admin.crt"), admin.cert);
  await writeFile(at("admin.key"), admin.key, { mode: 0o600 });
  await writeFile(at("cluster.env"), "CLUSTER_CIDR=10.128.0.0/14\nNODE_CIDR_MASK=23\nSERVICE_CIDR=172.30.0.0/16\n");
  await writeFile(at("node.env"), "SLOW=0\n");
  const places = {
    "/etc/kubernetes/pki/kube-ca.crt": at("ca.crt"),
    "/etc/kubernetes/pki/admin-kubeconfig-client": at("admin"),
    "/etc/virt-ipi/cluster.env": at("cluster.env"),
    "/run/virt-ipi/node.env": at("node.env"),
    "/usr/local/libexec/virt-ipi": at("bin"),
    ":6443": `:${new URL(cluster.server).port}`,
  };
  for (const name of ["functions", "check-api", ...CONTROLLERS])
    await machine.script(name, `kubernetes/scripts/${name}`, { ...places, [`/usr/bin/${name}`]: "/bin/true" });
});

afterAll(async () => {
  await cluster?.dispose();
  await machine?.dispose();
});

const renewTime = "2026-01-02T03:04:05.000000Z";
const holderOf = async (name: string): Promise<string | undefined> =>
  (JSON.parse((await cluster.request("GET", `${LEASES}/${name}`)).body) as { spec: { holderIdentity?: string } }).spec.holderIdentity;

it.each(CONTROLLERS.flatMap((name) => [[name, `${hostname()}_0b9a`, undefined] as const, [name, "another-0_0b9a", "another-0_0b9a"] as const]))(
  "%s starts where %s held the lease",
  async (name, holderIdentity, left) => {
    await cluster.request("DELETE", `${LEASES}/${name}`);
    await cluster.create(LEASES, { metadata: { name }, spec: { holderIdentity, leaseDurationSeconds: 137, renewTime, acquireTime: renewTime } });
    await machine.run(name);
    expect(await holderOf(name)).toBe(left);
  },
);

it.each(CONTROLLERS)("%s starts where nobody has held a lease", async (name) => {
  await cluster.request("DELETE", `${LEASES}/${name}`);
  await machine.run(name);
  expect((await cluster.request("GET", `${LEASES}/${name}`)).status).toBe(404);
});
