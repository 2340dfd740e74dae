import { beforeAll, describe, expect, it } from "vitest";
import { fromResource, type IgnitionConfig } from "../../../../src/assets/ignition/index.ts";
import { fixtureKeys, inputOf, renderScenario } from "../../../golden/openshift/scenarios.ts";

/** Services of the bootstrap machine whose scripts keep a record: their units say whose it is. */
const RECORDED = ["approve-csr", "bootkube", "chown-gatewayd-key", "crio-configure", "install-to-disk", "kubelet", "progress", "release-image"];

let ignition: IgnitionConfig;
beforeAll(async () => {
  const input = await inputOf("in-place", "4.21");
  const assets = await renderScenario(input, await fixtureKeys(input, false));
  ignition = JSON.parse(assets.get("bootstrap-in-place-for-live-iso.ign")?.content ?? "") as IgnitionConfig;
});

const text = (path: string): string => {
  const file = (ignition.storage?.files ?? []).find((one) => one.path === path);
  return file?.contents === undefined ? "" : fromResource(file.contents).toString();
};

/** Whether the unit, or a script that it runs, keeps a record. */
const recorded = (contents: string): boolean =>
  [contents, ...[...contents.matchAll(/\/usr\/local\/bin\/[\w.-]+/g)].map(([path]) => text(path))].some((one) =>
    /(?:source|\.) \S*bootstrap-service-record\.sh/.test(one),
  );

describe("units of the bootstrap machine", () => {
  it("say whose record their scripts keep", () => {
    const units = (ignition.systemd?.units ?? []).filter(({ contents = "" }) => recorded(contents));
    expect(units.map(({ name }) => name.replace(/\.service$/, "")).toSorted()).toEqual(RECORDED);
    for (const { name, contents } of units) expect(contents, name).toContain("\nEnvironment=RECORD=%p\n");
  });
});
