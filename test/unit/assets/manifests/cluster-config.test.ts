import { expect, it } from "vitest";
import { parse } from "yaml";
import { clusterConfig } from "../../../../src/assets/manifests/cluster-config.ts";

const CONFIG = `apiVersion: v1
metadata: { name: demo }
# pull secret of the lab: PLANTED
pullSecret: '{"auths":{"r":{"auth":"PLANTED"}}}'
sshKey: ssh-ed25519 AAAA user@example.com
proxy:
  httpProxy: http://proxyuser:PLANTED@proxy.example.com:3128
  noProxy: .example.com
platform:
  vsphere:
    vcenters:
      - { server: vc.example.com, user: PLANTED, password: PLANTED, datacenters: [dc1] }
  baremetal:
    hosts: [{ name: a, bmc: { address: "redfish://root:PLANTED@10.0.0.9/1", username: PLANTED, password: PLANTED } }]
controlPlane:
  fencing: { credentials: [{ hostName: a, username: PLANTED, password: PLANTED }] }
`;

const stored = (text: string): string => {
  const [map] = clusterConfig(text).objects as unknown as { data: { "install-config": string } }[];
  return map?.data["install-config"] ?? "";
};

it("leaves no secret, and all the rest", () => {
  expect(stored(CONFIG)).not.toContain("PLANTED");
  expect(parse(stored(CONFIG))).toMatchObject({
    apiVersion: "v1",
    metadata: { name: "demo" },
    pullSecret: "",
    sshKey: "ssh-ed25519 AAAA user@example.com",
    proxy: { noProxy: ".example.com" },
    platform: {
      vsphere: { vcenters: [{ server: "vc.example.com", user: "", password: "", datacenters: ["dc1"] }] },
      baremetal: { hosts: [{ name: "a" }] },
    },
    controlPlane: { fencing: { credentials: [{ hostName: "a" }] } },
  });
});

it("is the ConfigMap that OpenShift has", () => {
  expect(clusterConfig("apiVersion: v1\n")).toEqual({
    path: "manifests/cluster-config.yaml",
    objects: [
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "cluster-config-v1", namespace: "kube-system" },
        data: { "install-config": "apiVersion: v1\n" },
      },
    ],
  });
});
