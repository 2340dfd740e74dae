import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";
import { leftIn } from "../helpers/kubevirt/left.ts";
import { VERSION } from "../helpers/kubevirt/release.ts";
import { startKubeVirtSite, type KubeVirtSite } from "../helpers/kubevirt/site.ts";
import { saysOf, type Condition, type KubeObject } from "../helpers/olm/objects.ts";
import { NETWORK_ADDONS_VERSION, networkAddonsManifests, networkAddonsProgram } from "../helpers/releases/network-addons.ts";

/** The day-2 program for plain Kubernetes with the own operator of network addons beside KubeVirt's: from nothing to nothing. */

const CONFIG = "/apis/networkaddonsoperator.network.kubevirt.io/v1/networkaddonsconfigs/cluster";

let site: KubeVirtSite;

beforeAll(async () => {
  const networkAddons = { manifests: await networkAddonsManifests(), version: NETWORK_ADDONS_VERSION, programOf: networkAddonsProgram };
  site = await startKubeVirtSite([VERSION], { networkAddons });
  await site.rig.setKvm(false);
});
afterAll(() => site?.dispose());

describe("virtualization with network addons from their own release manifests", () => {
  it("goes from nothing to what is wanted", async () => {
    onTestFailed(() => site.tell());
    expect(await site.up(site.spec())).toEqual({ create: expect.any(Number) as number });
    const config = await site.rig.api.get<KubeObject & { readonly status: { readonly conditions: readonly Condition[] } }>(CONFIG);
    const version = NETWORK_ADDONS_VERSION.slice(1);
    expect(config).toMatchObject({
      spec: { multus: {}, linuxBridge: {}, kubeMacPool: {} },
      status: { observedVersion: version, targetVersion: version, operatorVersion: version },
    });
    expect(saysOf(config?.status)).toEqual({ Available: "True ", Progressing: "False ", Degraded: "False " });
  });

  it("is verified by what their operator writes", async () => {
    onTestFailed(() => site.tell());
    await expect(await site.table(["CNAO"])).toMatchFileSnapshot("../golden/virtualization/network-addons/deployed.txt");
    expect((await site.verified()).causes).toEqual([]);
  });

  it("changes nothing the second time", async () => {
    onTestFailed(() => site.tell());
    expect(await site.up(site.spec())).toEqual({ same: expect.any(Number) as number });
  });

  it("goes without a trace", async () => {
    onTestFailed(() => site.tell());
    await site.up(undefined);
    expect(await leftIn(site.rig.api)).toEqual([]);
  });
});
