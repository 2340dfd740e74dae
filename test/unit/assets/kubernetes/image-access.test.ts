import { describe, expect, it } from "vitest";
import type { ClusterSpec, ImageMirrors } from "../../../../src/config/index.ts";
import { fileOf, machinesWith } from "./machines.ts";

const KUBELET = "/var/lib/kubelet/config.json";
const CONFIG = "/etc/containerd/config.toml";
const hosts = (registry: string): string => `/etc/containerd/certs.d/${registry}/hosts.toml`;
const group = (source: string, mirrors: readonly string[], neverContactSource = false): ImageMirrors => ({ source, mirrors, neverContactSource });
const secret = (auths: object): string => JSON.stringify({ auths });

async function worker(change: Partial<ClusterSpec>): Promise<(path: string) => string | undefined> {
  const machines = await machinesWith(change);
  return (path) => fileOf(machines.get("worker"), path)?.text;
}

describe("access to images", () => {
  it("needs nothing where nothing is given", async () => {
    for (const [, config] of await machinesWith({})) expect([KUBELET, CONFIG].map((path) => fileOf(config, path))).toEqual([undefined, undefined]);
  });

  it("gives the pull secret as it is to the kubelet of every node, for root alone", async () => {
    const machines = await machinesWith({ pullSecret: '{ "auths":{}}' });
    for (const role of ["master", "worker"]) expect(fileOf(machines.get(role), KUBELET)).toEqual({ mode: 0o600, text: '{ "auths":{}}' });
    expect(fileOf(machines.get("bootstrap"), KUBELET)).toBeUndefined();
  });

  it("asks mirrors first, for digests alone, and then the registry itself", async () => {
    const text = await worker({
      imageMirrors: [
        group("quay.io/org", ["mirror.example.com:5000/org", "other.example.com/a/b/org"]),
        group("quay.io/more/app", ["other.example.com/a/b/more/app"]),
        group("registry.k8s.io", ["mirror.example.com:5000/k8s"]),
      ],
    });
    expect(text(hosts("quay.io"))).toBe(
      [
        '[host."https://mirror.example.com:5000/v2"]',
        '  capabilities = ["pull"]',
        "  override_path = true",
        "",
        '[host."https://other.example.com/v2/a/b"]',
        '  capabilities = ["pull"]',
        "  override_path = true",
        "",
      ].join("\n"),
    );
    expect(text(hosts("registry.k8s.io"))).toContain('[host."https://mirror.example.com:5000/v2/k8s"]');
    expect(text(CONFIG)).toContain('\n[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/etc/containerd/certs.d"\n');
    // What the image's own file says stays.
    expect(text(CONFIG)).toMatch(/^version = 2\n[^]*SystemdCgroup = true/);
  });

  it("never asks a registry that is not to be contacted", async () => {
    const text = await worker({ imageMirrors: [group("quay.io", ["mirror.example.com/quay"], true)] });
    expect(text(hosts("quay.io"))).toMatch(
      /^server = "https:\/\/mirror\.example\.com\/v2\/quay"\ncapabilities = \["pull"\]\noverride_path = true\n\n\[host\./,
    );
  });

  it("has containerd use each registry's own credentials where there are mirrors, and the kubelet the others", async () => {
    const auths = {
      "https://index.docker.io/v1/": { auth: "ZG9ja2Vy" },
      "quay.io/org": { auth: "cXVheS1vcmc=" },
      "quay.io/two": { auth: "cXVheS10d28=" },
      "mirror.example.com:5000/a": { auth: "bWlycm9y" },
      "registry.example.com": { auth: "b3RoZXI=" },
      "registry.k8s.io": { credsStore: "helper" },
    };
    const machines = await machinesWith({
      pullSecret: secret(auths),
      imageMirrors: [
        group("docker.io", ["mirror.example.com:5000/docker"]),
        group("quay.io", ["mirror.example.com:5000/quay"]),
        group("registry.k8s.io", ["mirror.example.com:5000/k8s"]),
      ],
    });
    for (const role of ["master", "worker"]) {
      const config = fileOf(machines.get(role), CONFIG);
      expect(config?.mode).toBe(0o600);
      expect([...(config?.text ?? "").matchAll(/configs\."(.*)"\.auth\]\n {2}auth = "(.*)"/g)].map(([, registry, auth]) => [registry, auth])).toEqual(
        [
          ["registry-1.docker.io", "ZG9ja2Vy"],
          ["mirror.example.com:5000", "bWlycm9y"],
        ],
      );
      // Those of quay.io differ by repository, which only the kubelet can tell apart.
      const { "https://index.docker.io/v1/": _, ...left } = auths;
      expect(JSON.parse(fileOf(machines.get(role), KUBELET)?.text ?? "")).toEqual({ auths: left });
    }
    expect(fileOf(machines.get("bootstrap"), CONFIG)).toBeUndefined();
  });
});
