import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { makeKubeconfig, renderKubeconfig, type KubeconfigRow } from "../../../src/assets/kubeconfig.ts";
import { makeSpec } from "./spec.ts";

const tls = new Map([
  ["kube-ca", { cert: "CA" }],
  ["admin", { cert: "CERT", key: "KEY" }],
]);
const row: KubeconfigRow = { path: "auth/kubeconfig", server: "api", ca: "kube-ca", client: "admin", user: "admin" };
const spec = makeSpec(1, 1);

describe("makeKubeconfig", () => {
  it("holds one cluster, one context and one user", () => {
    expect(parse(renderKubeconfig(row, spec, tls))).toEqual({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "demo", cluster: { "certificate-authority-data": "Q0E=", server: "https://api.demo.example.com:6443" } }],
      contexts: [{ name: "admin", context: { cluster: "demo", user: "admin" } }],
      "current-context": "admin",
      preferences: {},
      users: [{ name: "admin", user: { "client-certificate-data": "Q0VSVA==", "client-key-data": "S0VZ" } }],
    });
  });

  it.each([
    ["api-int", "https://api-int.demo.example.com:6443"],
    ["localhost", "https://localhost:6443"],
  ] as const)("goes to %s", (server, url) => {
    expect(makeKubeconfig({ ...row, server }, spec, tls).clusters[0]?.cluster.server).toBe(url);
  });

  it.each([
    ["192.168.126.5", "https://192.168.126.5:6443"],
    ["fd00::5", "https://[fd00::5]:6443"],
  ])("goes to %s instead, and still checks the API's own name", (address, server) => {
    expect(makeKubeconfig(row, spec, tls, address).clusters[0]?.cluster).toMatchObject({ server, "tls-server-name": "api.demo.example.com" });
  });

  it("needs no other name to check when the address is the API's own", () => {
    expect(makeKubeconfig(row, spec, tls, "api.demo.example.com").clusters[0]?.cluster).not.toHaveProperty("tls-server-name");
  });

  it("names a certificate that the table lacks", () => {
    expect(() => makeKubeconfig({ ...row, client: "nobody" }, spec, tls)).toThrow("no cert named nobody");
  });
});
