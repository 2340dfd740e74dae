import { beforeAll, describe, expect, it } from "vitest";
import { assetGraph, type AssetGraph, readTemplates } from "../../../src/assets/index.ts";
import { loadClusterSpec } from "../../../src/config/index.ts";
import { PACKAGE_ROOT } from "../../../src/util/index.ts";
import { fixtureKeys, inputOf, renderScenario } from "../../golden/openshift/scenarios.ts";
import { IDENTITY } from "./spec.ts";

let graph: AssetGraph;
let written: readonly string[];
const sourcesOf = (name: string): readonly string[] => graph.edges.flatMap(([from, to]) => (to === name ? from : []));

beforeAll(async () => {
  const input = await inputOf("everything", "4.21");
  const keys = await fixtureKeys(input, false);
  const templates = await readTemplates(`${PACKAGE_ROOT}/templates`);
  graph = await assetGraph({ spec: loadClusterSpec(input), identity: IDENTITY, keys, templates });
  written = [...(await renderScenario(input, keys)).keys()];
});

describe("the graph of an OpenShift cluster's assets", () => {
  it("has every asset that is written", () => {
    const names = new Set(graph.edges.flat());
    expect(written.filter((path) => !names.has(path))).toEqual([]);
  });

  it("observes what a manifest reads", () => {
    expect(sourcesOf("manifests/machine-config-server-tls-secret.yaml")).toEqual(
      expect.arrayContaining(["install-config.yaml", "tls/machine-config-server", "tls/root-ca"]),
    );
    expect(sourcesOf("openshift/99_kubeadmin-password-secret.yaml")).toContain("auth/kubeadmin-password");
    expect(sourcesOf("openshift/99_kubeadmin-password-secret.yaml")).not.toContain("tls/root-ca");
    expect(sourcesOf("manifests/cluster-infrastructure-02-config.yml")).toContain("identity");
    expect(sourcesOf("manifests/cluster-dns-02-config.yml")).not.toContain("identity");
  });

  it("knows that the bootstrap machine gets manifests, certificates and kubeconfigs, and no key of the root", () => {
    const sources = sourcesOf("bootstrap.ign");
    expect(sources).toEqual(
      expect.arrayContaining(["manifests/cvo-overrides.yaml", "tls/service-account", "/opt/openshift/auth/kubeconfig-kubelet"]),
    );
    for (const other of ["tls/admin-kubeconfig-signer", "auth/kubeconfig"]) expect(sources).not.toContain(other);
  });

  it("takes from the TLS table who signs what", () => {
    expect(sourcesOf("tls/kubelet-client")).toEqual(["tls/kubelet-bootstrap-kubeconfig-signer"]);
    expect(sourcesOf("tls/kube-apiserver-lb-server")).toEqual(["install-config.yaml", "tls/kube-apiserver-lb-signer"]);
  });
});
