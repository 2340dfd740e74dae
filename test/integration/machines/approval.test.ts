import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { COMPUTE_BOOTSTRAP_USER, MACHINE_CONTROLLER_USER } from "../../../src/config/machine-plan.ts";
import { planMachines } from "../../../src/config/index.ts";
import { approveMachineCertificates } from "../../../src/installer/machine-certificates.ts";
import { connectKube, type KubeClient } from "../../../src/kube/index.ts";
import { controllerRbac } from "../../../src/machines/program/rbac.ts";
import { cacheFolder } from "../../../setup/paths.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { untilServed } from "../../helpers/machine-api.ts";
import { untilAllowed, untilDenied, type Rule } from "../../helpers/permissions.ts";
import { makeCsr, type TestPair } from "../../helpers/pki.ts";
import { IDENTITY, makeSpec } from "../../unit/assets/spec.ts";

/** Certificates of machines that the cluster created, approved by the machine controller's own user with its own permissions. */
const NAMESPACE = "openshift-machine-api";
const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const CSRS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const MACHINES = `/apis/machine.openshift.io/v1beta1/namespaces/${NAMESPACE}/machines`;
const PLURALS: Readonly<Record<string, string>> = {
  ClusterRole: "clusterroles",
  ClusterRoleBinding: "clusterrolebindings",
  Role: `namespaces/${NAMESPACE}/roles`,
  RoleBinding: `namespaces/${NAMESPACE}/rolebindings`,
};
const spec = makeSpec(1, 0);
const machines = planMachines(spec, IDENTITY);

const CONTROLLER = { user: MACHINE_CONTROLLER_USER };

interface Role {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules: readonly Rule[];
}
const roles = (kind: string): readonly Role[] => controllerRbac().filter((each) => each.kind === kind) as unknown as readonly Role[];
const clusterRole = (): Role => roles("ClusterRole")[0] ?? expect.fail("there is no ClusterRole");

let kube: KubeControlPlane;
let client: KubeClient;
let bootstrapper: TestPair;
let count = 0;

beforeAll(async () => {
  kube = await startKubeControlPlane({ controllers: ["certificatesigningrequest-signing-controller"] });
  await kube.create("/api/v1/namespaces", { metadata: { name: NAMESPACE } });
  const definition = parse(await readFile(join(cacheFolder(), "bin/machine-api-crds/machines.machine.openshift.io.yaml"), "utf8")) as object;
  await kube.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
  for (const { kind, ...object } of controllerRbac()) await kube.create(`${RBAC}/${PLURALS[kind]}`, { kind, ...object });
  await kube.create(`${RBAC}/clusterrolebindings`, {
    metadata: { name: "node-bootstrapper" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:node-bootstrapper" },
    subjects: [{ kind: "Group", name: "system:bootstrappers" }],
  });
  bootstrapper = await kube.issue({ commonName: COMPUTE_BOOTSTRAP_USER, organizations: ["system:bootstrappers"] });
  client = await connectKube({ kubeconfig: await kube.kubeconfigOf({ commonName: MACHINE_CONTROLLER_USER }) });
  await untilServed(kube, "/apis/machine.openshift.io/v1beta1", "machines");
  await untilAllowed(kube, CONTROLLER, clusterRole().rules);
  for (const { rules } of roles("Role")) await untilAllowed(kube, { ...CONTROLLER, namespace: NAMESPACE }, rules);
  const bootstrapping = { apiGroups: ["certificates.k8s.io"], resources: ["certificatesigningrequests"], verbs: ["create"] };
  await untilAllowed(kube, { user: COMPUTE_BOOTSTRAP_USER, groups: ["system:bootstrappers"] }, [bootstrapping]);
});
afterAll(async () => {
  client?.close();
  await kube?.dispose();
});
beforeEach(async () => {
  await kube.request("DELETE", MACHINES);
  await kube.request("DELETE", CSRS);
});

/** A Machine as the controllers leave it. */
async function machine(phase: string, address = "192.168.126.77"): Promise<string> {
  const name = `${IDENTITY.infraID}-worker-${count++}`;
  await kube.create(MACHINES, { apiVersion: "machine.openshift.io/v1beta1", kind: "Machine", metadata: { name }, spec: {} });
  const status = { phase, addresses: [{ type: "InternalIP", address }] };
  expect((await kube.request("PATCH", `${MACHINES}/${name}/status`, { status })).status).toBe(200);
  return name;
}

async function ask(machineName: string, address?: string): Promise<string> {
  const name = `csr-${count++}`;
  const serving = address !== undefined;
  const names = serving
    ? [
        { type: "dns" as const, value: machineName },
        { type: "ip" as const, value: address },
      ]
    : [];
  const request = await makeCsr({ commonName: `system:node:${machineName}`, organizations: ["system:nodes"] }, names);
  const signerName = serving ? "kubernetes.io/kubelet-serving" : "kubernetes.io/kube-apiserver-client-kubelet";
  const user = serving ? await kube.issue({ commonName: `system:node:${machineName}`, organizations: ["system:nodes"] }) : bootstrapper;
  const usages = ["digital signature", serving ? "server auth" : "client auth"];
  await kube.create(CSRS, { metadata: { name }, spec: { request, signerName, usages } }, user);
  return name;
}

const round = () => approveMachineCertificates(client, { spec, machines });

it("are approved for a machine that is there, for its name and the address that was found", async () => {
  const name = await machine("Provisioned");
  const asked = [await ask(name), await ask(name, "192.168.126.77")];
  const { approved, failed } = await round();
  expect(failed).toEqual([]);
  expect(approved.map((text) => text.split(":")[0] ?? "").toSorted((a, b) => a.localeCompare(b))).toEqual(
    asked.toSorted((a, b) => a.localeCompare(b)),
  );
});

it.each([
  ["whose machine is not there yet", "Provisioning", undefined, "192.168.126.77"],
  ["for an address that was not found", "Running", "192.168.126.78", "192.168.126.77"],
  ["for an address of a machine of the installer", "Running", machines[1]?.ipAddress, machines[1]?.ipAddress ?? ""],
])("are left alone: %s", async (_, phase, address, found) => {
  await ask(await machine(phase, found), address);
  expect(await round()).toMatchObject({ approved: [], failed: [], ignored: [expect.anything()] });
});

it("are left alone of a name that is no Machine", async () => {
  await ask(`${IDENTITY.infraID}-worker-x`);
  expect(await round()).toMatchObject({ approved: [], failed: [] });
});

it("need each of the permissions", async () => {
  const { rules, metadata } = clusterRole();
  const permit = async (left: readonly Rule[]): Promise<void> => {
    expect((await kube.request("PATCH", `${RBAC}/clusterroles/${metadata.name}`, { rules: left })).status).toBe(200);
  };
  const areApproved = async (): Promise<boolean> => {
    await ask(await machine("Provisioned"));
    return await round().then(
      ({ approved }) => approved.length > 0,
      () => false,
    );
  };
  const needed = rules.filter(({ apiGroups = [] }) => apiGroups.includes("certificates.k8s.io"));
  expect(needed).toHaveLength(3);
  for (const rule of needed) {
    await permit(rules.filter((each) => each !== rule));
    await untilDenied(kube, CONTROLLER, rule);
    await untilAllowed(
      kube,
      CONTROLLER,
      needed.filter((each) => each !== rule),
    );
    expect(await areApproved(), JSON.stringify(rule)).toBe(false);
  }
  await permit(rules);
  await untilAllowed(kube, CONTROLLER, needed);
  expect(await areApproved()).toBe(true);
});
