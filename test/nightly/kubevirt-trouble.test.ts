import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";
import type { ErrorId } from "../../src/errors/index.ts";
import { causeText } from "../../src/virtualization/observe/index.ts";
import { podTrouble } from "../../src/virtualization/observe/diagnose/pods.ts";
import { instance, INSTANCES, KUBEVIRT, startKubeVirtSite, type KubeVirtSite } from "../helpers/kubevirt/site.ts";
import { VERSION } from "../helpers/kubevirt/release.ts";
import { eventually } from "../helpers/olm/kube-api.ts";
import type { KubeObject } from "../helpers/olm/objects.ts";
import { UNPULLABLE } from "../helpers/olm/stages.ts";

/** What goes wrong with KubeVirt's own programs, what they say of it, and what we do. In the order of an installation: each goes on where the last one ended. */

const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";
const DEPLOYMENTS = "/apis/apps/v1/namespaces/kubevirt/deployments";
const JOBS = "/apis/batch/v1/namespaces/kubevirt/jobs";
const ADMISSION = "/apis/admissionregistration.k8s.io/v1";

interface Launcher extends KubeObject {
  readonly spec: { readonly nodeSelector: Readonly<Record<string, string>> };
}

let site: KubeVirtSite;

beforeAll(async () => {
  site = await startKubeVirtSite();
  await site.rig.setKvm(false);
});
afterAll(() => site?.dispose());

const spec = (own: object = {}) => site.spec(VERSION, own as Readonly<Record<string, unknown>>);
/** What a run ends with. @param seconds limit of each wait */
const failure = async (own: object, seconds: number): Promise<{ readonly id: ErrorId; readonly message: string }> =>
  site.up(spec(own), seconds).then(
    (changes) => expect.unreachable(`it went well: ${JSON.stringify(changes)}`),
    (error: unknown) => error as { readonly id: ErrorId; readonly message: string },
  );
/** The causes of an id, as people read them, in a file for each case. */
const matches = async (name: string, id: ErrorId): Promise<void> => {
  const causes = await eventually(`${id}`, async () => ((await site.causes(id)).length > 0 ? await site.causes(id) : undefined), {
    timeoutMs: 180_000,
    seen: async () => [await site.kubevirt(), (await site.verified()).causes],
  });
  const lines = [...new Set(causes.map((cause) => causeText({ id, ...cause })))].toSorted();
  await expect(`${id}\n${lines.join("\n")}\n`).toMatchFileSnapshot(`../golden/virtualization/kubevirt/trouble/${name}.txt`);
};

/** A run ends with the cause, once that is there: how soon depends on how busy this machine is. */
const endsWith = async (own: object, id: ErrorId, name: string): Promise<void> => {
  expect((await failure(own, 15)).id).toMatch(/^VIRT_/);
  await matches(name, id);
  expect(await failure(own, 15)).toMatchObject({ id });
};

describe("before KubeVirt is there", () => {
  /** @diagnoses VIRT_POD_UNSCHEDULABLE as the scheduler shows it */
  it("no node that its operator may run on", async () => {
    onTestFailed(() => site.tell());
    const label = (value: string | null): Promise<unknown> =>
      site.rig.api.patch("/api/v1/nodes/master-0", { metadata: { labels: { [CONTROL_PLANE]: value } } });
    await label(null);
    await endsWith({}, "VIRT_POD_UNSCHEDULABLE", "no-node");
    await label("");
  });

  /** @diagnoses VIRT_JOB_FAILED as the Job of KubeVirt's operator shows it */
  it("a Job for what is deployed that fails, since the cluster refuses its ConfigMap", async () => {
    onTestFailed(() => site.tell());
    const [policies, bindings] = [`${ADMISSION}/validatingadmissionpolicies`, `${ADMISSION}/validatingadmissionpolicybindings`];
    const metadata = { name: "no-strategy" };
    await site.rig.api.create(policies, {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      metadata,
      spec: {
        failurePolicy: "Fail",
        matchConstraints: { resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] }] },
        validations: [{ expression: "!has(object.metadata.generateName) || !object.metadata.generateName.startsWith('kubevirt-install')" }],
      },
    });
    await site.rig.api.create(bindings, {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      metadata,
      spec: { policyName: metadata.name, validationActions: ["Deny"] },
    });
    await endsWith({}, "VIRT_JOB_FAILED", "job");
    expect(await site.conditions()).toEqual({
      Available: "False DeploymentInProgress",
      Progressing: "True DeploymentInProgress",
      Degraded: "False DeploymentInProgress",
    });
    // What the fix says.
    await site.rig.api.remove(`${bindings}/${metadata.name}`);
    await site.rig.api.remove(`${policies}/${metadata.name}`);
    for (const job of await site.rig.api.list(JOBS)) await site.rig.api.remove(`${JOBS}/${job.metadata.name}`);
    await site.up(spec());
    expect(await site.kubevirt()).toMatchObject({ status: { phase: "Deployed" } });
  });
});

describe("of a KubeVirt that is deployed", () => {
  beforeAll(() => site.up(spec()));

  /** @diagnoses VIRT_POD_CRASH, VIRT_COMPONENT_NOT_READY as virt-api's process and KubeVirt show them */
  it("virt-api that does not come up", async () => {
    onTestFailed(() => site.tell());
    const broken = { customizeComponents: { flags: { api: { "no-such-flag": "1" } } } };
    await endsWith(broken, "VIRT_POD_CRASH", "virt-api");
    await matches("virt-api-kubevirt", "VIRT_COMPONENT_NOT_READY");
    await site.up(spec());
  });

  /** @diagnoses VIRT_IMAGE_PULL as the Job of KubeVirt's operator shows it */
  it("images that cannot be pulled", async () => {
    onTestFailed(() => site.tell());
    await endsWith({ imageRegistry: UNPULLABLE.slice(0, -1) }, "VIRT_IMAGE_PULL", "image");
    await site.up(spec());
  });

  it("a change that its webhook refuses", async () => {
    onTestFailed(() => site.tell());
    const patch = { resourceType: "Deployment", resourceName: "virt-api", type: "json", patch: "no JSON" };
    const error = await failure({ customizeComponents: { patches: [patch] } }, 40);
    expect(error).toMatchObject({ id: "KUBE_DENIED" });
    expect(error.message).toMatch(/^kubevirt: .*"kubevirt-update-validator\.kubevirt\.io" denied the request: patch "no JSON" is not valid JSON/);
    await site.up(spec());
  });

  it("a patch that it takes and cannot apply, after which it removes what it was for", async () => {
    onTestFailed(() => site.tell());
    const patch = { resourceType: "Deployment", resourceName: "virt-api", type: "json", patch: '[{"op":"remove","path":"/spec/absent"}]' };
    site.bench.events.length = 0;
    expect((await failure({ customizeComponents: { patches: [patch] } }, 40)).id).toMatch(/^VIRT_/);
    const said = site.bench.events.flatMap((event) => (event.type === "waiting" ? [event.reason] : []));
    expect(said).toContainEqual(expect.stringMatching(/Degraded, DeploymentFailed: .*Unable to remove nonexistent key: absent/));
    await matches("patch", "VIRT_WEBHOOK_UNREACHABLE");
    await site.up(spec());
  });

  /** @diagnoses VIRT_NO_KVM as nodes and virt-launcher's pod show it */
  it("no /dev/kvm where emulation is not wanted", async () => {
    onTestFailed(() => site.tell());
    const wanted = { ...spec(), emulation: "Off" as const };
    await expect(site.up(wanted, 60)).rejects.toMatchObject({ id: "VIRT_NO_KVM" });
    // Nothing was changed for it: machines that are emulated go on.
    expect(await site.kubevirt()).toMatchObject({ spec: { configuration: { developerConfiguration: { useEmulation: true } } } });
    await site.rig.api.patch(KUBEVIRT, { spec: { configuration: { developerConfiguration: { useEmulation: false } } } });
    const machine = instance("mine", { memory: { guest: "64Mi" } }, {});
    await site.rig.api.create(INSTANCES, machine);
    const launcher = async (): Promise<Launcher | undefined> => (await site.rig.api.list<Launcher>("/api/v1/namespaces/default/pods"))[0];
    // What virt-handler finds on a node.
    const {
      spec: { nodeSelector },
    } = await eventually("its pod", launcher);
    await site.rig.api.patch("/api/v1/nodes/worker-0", { metadata: { labels: nodeSelector } });
    await eventually(
      "its pod lacks /dev/kvm",
      async () => {
        const pod = await launcher();
        return pod !== undefined && podTrouble(pod)?.id === "VIRT_NO_KVM" ? true : undefined;
      },
      { seen: launcher },
    );
    await site.rig.api.remove(`${INSTANCES}/mine`);
    await site.up(spec());
  });
});

describe("when its operator is gone", () => {
  /** @diagnoses VIRT_WEBHOOK_UNREACHABLE as KubeVirt's own webhooks show it */
  it("webhooks without an endpoint", async () => {
    onTestFailed(() => site.tell());
    for (const name of ["virt-operator", "virt-api"]) {
      await site.rig.api.patch(`${DEPLOYMENTS}/${name}`, { spec: { replicas: 0 } });
      await eventually(`${name} gone`, async () => (site.rig.processes.versionOf(name) === undefined ? true : undefined));
    }
    await matches("webhook", "VIRT_WEBHOOK_UNREACHABLE");
    const refused = await site.rig.cluster.request("DELETE", KUBEVIRT);
    expect([refused.status, refused.body]).toEqual([500, expect.stringContaining("failed calling webhook")]);
  });

  /** @diagnoses VIRT_LEFTOVERS as KubeVirt's own finalizer shows it */
  it("a KubeVirt that its finalizer keeps, until the operator is there again", async () => {
    onTestFailed(() => site.tell());
    for (const { metadata } of await site.rig.api.list(`${ADMISSION}/validatingwebhookconfigurations`))
      await site.rig.api.remove(`${ADMISSION}/validatingwebhookconfigurations/${metadata.name}`);
    await site.rig.api.remove(KUBEVIRT);
    await matches("leftover", "VIRT_LEFTOVERS");
    await site.rig.api.patch(`${DEPLOYMENTS}/virt-operator`, { spec: { replicas: 2 } });
    await eventually("KubeVirt gone", async () => ((await site.kubevirt()) === undefined ? true : undefined), { seen: () => site.kubevirt() });
  });
});
