import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";
import type { ManifestComponent, ManifestOperators, VirtualizationSpec } from "../../src/config/index.ts";
import { CDI_VERSION, cdiManifest, cdiProgram } from "../helpers/releases/cdi.ts";
import { VERSION } from "../helpers/kubevirt/release.ts";
import { leftIn } from "../helpers/kubevirt/left.ts";
import { startKubeVirtSite, type KubeVirtSite } from "../helpers/kubevirt/site.ts";
import { eventually } from "../helpers/olm/kube-api.ts";
import { saysOf, type Condition, type KubeObject } from "../helpers/olm/objects.ts";

/** The day-2 program for plain Kubernetes with CDI's own operator, controller, API server and proxy beside KubeVirt's: from nothing to nothing. */

const CDI = "/apis/cdi.kubevirt.io/v1beta1/cdis/cdi";
const DATA_VOLUMES = "/apis/cdi.kubevirt.io/v1beta1/namespaces/default/datavolumes";
const WELL = { Available: "True DeployCompleted", Progressing: "False ", Degraded: "False " };
/** The same programs under another name: CDI updates itself to what its operator says that it is. */
const NEXT = "v1.64.1";
const CLASS = "strange";
const PROFILES = [{ name: CLASS, spec: { claimPropertySets: [{ accessModes: ["ReadWriteMany"], volumeMode: "Block" }] } }];

interface Cdi extends KubeObject {
  readonly status: { readonly phase: string; readonly conditions: readonly Condition[]; readonly observedVersion?: string };
}

let site: KubeVirtSite;
let manifest = "";

beforeAll(async () => {
  manifest = await cdiManifest();
  site = await startKubeVirtSite([VERSION], { cdi: { manifests: [manifest], version: CDI_VERSION, programOf: cdiProgram } });
  await site.rig.setKvm(false);
});
afterAll(() => site?.dispose());

const cdi = (): Promise<Cdi | undefined> => site.rig.api.get<Cdi>(CDI);
const says = async (): Promise<Readonly<Record<string, string>>> => saysOf((await cdi())?.status);
/** It rolls its own pods out again when KubeVirt brings the priority that they want. */
const isWell = (): Promise<true> =>
  eventually("CDI is well", async () => (JSON.stringify(await says()) === JSON.stringify(WELL) ? true : undefined), { seen: cdi });
/** @param more over what is asked for of CDI */
function wanted(more: Partial<ManifestComponent> = {}, profiles: VirtualizationSpec["storage"]["profiles"] = []): VirtualizationSpec {
  const spec = site.spec();
  const operators = spec.operators as ManifestOperators;
  return {
    ...spec,
    operators: { ...operators, cdi: { ...(operators.cdi ?? { version: "", files: [], spec: {} }), ...more } },
    storage: { ...spec.storage, profiles },
  };
}
const next = (): string => manifest.replaceAll(CDI_VERSION, NEXT);
const dataVolume = (name: string, source: object): object => ({
  apiVersion: "cdi.kubevirt.io/v1beta1",
  kind: "DataVolume",
  metadata: { name, namespace: "default" },
  spec: { source, storage: { storageClassName: CLASS, resources: { requests: { storage: "1Gi" } } } },
});

describe("virtualization from CDI's own release manifest", () => {
  it("goes from nothing to Deployed", async () => {
    onTestFailed(() => site.tell());
    expect(await site.up(wanted())).toEqual({ create: expect.any(Number) as number });
    await isWell();
    expect(await cdi()).toMatchObject({
      status: { phase: "Deployed", observedVersion: CDI_VERSION, targetVersion: CDI_VERSION, operatorVersion: CDI_VERSION },
    });
  });

  it("is verified by what CDI writes", async () => {
    onTestFailed(() => site.tell());
    await expect(await site.table(["CDI"])).toMatchFileSnapshot("../golden/virtualization/cdi/deployed.txt");
    expect((await site.verified()).causes).toEqual([]);
  });

  it("changes nothing the second time, though CDI has filled its resource in", async () => {
    onTestFailed(() => site.tell());
    expect(await site.up(wanted())).toEqual({ same: expect.any(Number) as number });
  });

  it("has its webhooks and its own API asked by the API server", async () => {
    onTestFailed(() => site.tell());
    const refused = await site.rig.cluster.request("POST", DATA_VOLUMES, dataVolume("no-source", {}));
    expect([refused.status, refused.body]).toEqual([422, expect.stringContaining("Missing Data volume source")]);
    expect((await site.rig.cluster.request("GET", "/apis/upload.cdi.kubevirt.io/v1beta1")).status).toBe(200);
  });

  /** @diagnoses VIRT_STORAGE_PROFILE as CDI shows it */
  it("says that a StorageClass is not known, and teaches CDI what it can do", async () => {
    onTestFailed(() => site.tell());
    const { api } = site.rig;
    await api.create("/apis/storage.k8s.io/v1/storageclasses", {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: CLASS, annotations: { "storageclass.kubevirt.io/is-default-virt-class": "true" } },
      provisioner: "example.com/disk",
    });
    await api.create(DATA_VOLUMES, dataVolume("mine", { blank: {} }));
    const causes = await eventually("both are seen", async () => {
      const found = await site.causes("VIRT_STORAGE_PROFILE");
      return found.length === 2 ? found : undefined;
    });
    expect(causes.map(({ object, message }) => [object, message])).toEqual([
      ["DataVolume default/mine", `no accessMode specified in StorageProfile ${CLASS}`],
      [`StorageProfile ${CLASS}`, "CDI does not know what example.com/disk can do, so disks without access mode are refused"],
    ]);
    await site.up(wanted({}, PROFILES));
    const claim = await eventually("its claim", () => api.get("/api/v1/namespaces/default/persistentvolumeclaims/mine"));
    expect(claim["spec"]).toMatchObject({ storageClassName: CLASS, accessModes: ["ReadWriteMany"], volumeMode: "Block" });
    expect(await site.causes("VIRT_STORAGE_PROFILE")).toEqual([]);
  });

  it("leaves the profile as it was, once it is not asked for any more", async () => {
    onTestFailed(() => site.tell());
    await site.up(wanted());
    expect(await site.rig.api.get(`/apis/cdi.kubevirt.io/v1beta1/storageprofiles/${CLASS}`)).toMatchObject({ spec: {} });
  });

  /** @diagnoses VIRT_COMPONENT_NOT_READY, VIRT_POD_UNSCHEDULABLE as CDI's operator and the scheduler show them */
  it("says what it waits for when something of it is not there, and is well again with it", async () => {
    onTestFailed(() => site.tell());
    // What the operator wrote of it before still stands there at first.
    await expect(site.up(wanted({ spec: { infra: { nodeSelector: { absent: "" } } } }), 60)).rejects.toMatchObject({
      id: expect.stringMatching(/^VIRT_(POD_UNSCHEDULABLE|COMPONENT_NOT_READY)$/) as string,
    });
    const [cause] = await eventually("CDI is degraded", async () => {
      const found = await site.causes("VIRT_COMPONENT_NOT_READY");
      return found.length > 0 && (await site.causes("VIRT_POD_UNSCHEDULABLE")).length === 3 ? found : undefined;
    });
    const waits = ["cdi-apiserver", "cdi-deployment", "cdi-uploadproxy"].map((name) => `${name} (1 of the old version still there)`).join(", ");
    expect(cause).toMatchObject({ object: "CDI cdi", message: `Degraded; it waits for ${waits}` });
    await site.up(wanted());
    expect(await says()).toEqual(WELL);
  });

  it("is updated, and waited for until it says the new version", async () => {
    onTestFailed(() => site.tell());
    await site.up(wanted({ version: NEXT.slice(1), files: [site.fileOf(next())] }));
    expect(await cdi()).toMatchObject({ status: { phase: "Deployed", observedVersion: NEXT, targetVersion: NEXT } });
  });

  it("is kept while there is a disk, by the program and by CDI, and goes without a trace", async () => {
    onTestFailed(() => site.tell());
    await expect(site.up(undefined)).rejects.toMatchObject({
      id: "VIRT_IN_USE",
      message: expect.stringContaining("DataVolume default/mine") as string,
    });
    const refused = await site.rig.cluster.request("DELETE", CDI);
    expect([refused.status, refused.body]).toEqual([400, expect.stringContaining("there are still 1 DataVolumes present")]);
    await site.rig.api.remove(`${DATA_VOLUMES}/mine`);
    await eventually("the disk gone", async () => ((await site.rig.api.get(`${DATA_VOLUMES}/mine`)) === undefined ? true : undefined));
    // The last day: with what is patched into objects of CDI's.
    await site.up(wanted({ version: NEXT.slice(1), files: [site.fileOf(next())] }, PROFILES));
    await site.up(undefined);
    expect(await leftIn(site.rig.api)).toEqual([]);
  });
});
