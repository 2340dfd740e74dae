import { describe, expect, it } from "vitest";
import { ask } from "../../../src/cli/create/ask.ts";
import type { Asker } from "../../../src/cli/create/asker.ts";
import { completePlatform, platformOf } from "../../../src/cli/create/platform-answers.ts";
import { loadClusterSpec, renderInstallConfig } from "../../../src/config/index.ts";

/** Somebody who answers what is listed, and takes the default otherwise; an answer that is refused fails the test. */
function answering(answers: Readonly<Record<string, string>>): { readonly asker: Asker; readonly asked: string[] } {
  const asked: string[] = [];
  const answer = (message: string, initial: string): string => {
    asked.push(message);
    return Object.entries(answers).find(([part]) => message.includes(part))?.[1] ?? initial;
  };
  const asker: Asker = {
    text: (message, initial, validate = () => undefined) => {
      const value = answer(message, initial);
      expect(validate(value), `${message}: ${value}`).toBeUndefined();
      return Promise.resolve(value);
    },
    count: (message, initial, allowed) => {
      const value = Number(answer(message, String(initial)));
      expect(allowed(value)).toBe(true);
      return Promise.resolve(value);
    },
    choice: (message, options) => {
      const value = answer(message, options[0]?.value ?? "");
      const chosen = options.find((option) => option.value === value);
      if (chosen === undefined) throw new Error(`${value} is no choice`);
      return Promise.resolve(chosen.value);
    },
  };
  return { asker, asked };
}

const VSPHERE = { Platform: "vsphere", "of the API": "10.0.0.5", "of the ingress routes": "10.0.0.6" };
const CREDENTIALS = { env: () => "hunter2hunter2", file: () => ({ problem: "is not read" }) };

describe("the questions", () => {
  it("about vSphere make a valid file that holds no password", async () => {
    const { asker } = answering(VSPHERE);
    const text = renderInstallConfig(await ask(asker, {}, { answers: {} }, { controlPlaneReplicas: 1, computeReplicas: 0 }));
    const spec = loadClusterSpec(text, "install-config.yaml", CREDENTIALS);
    expect(text).toContain("password: env:VCENTER_PASSWORD");
    expect(spec).toMatchObject({
      distribution: "kubernetes",
      vips: { api: ["10.0.0.5"], ingress: ["10.0.0.6"] },
      // What this host has room for says nothing about a vCenter.
      pools: { controlPlane: { replicas: 3 }, compute: [{ replicas: 2 }] },
      platform: {
        name: "vsphere",
        vcenters: [{ server: "vcenter.example.com", password: "hunter2hunter2", datacenters: ["Datacenter"] }],
        failureDomains: [{ topology: { computeCluster: "/Datacenter/host/Cluster", datastore: "/Datacenter/datastore/datastore1" } }],
      },
    });
  });

  it("about KVM make a valid file", async () => {
    const { asker } = answering({});
    const spec = loadClusterSpec(renderInstallConfig(await ask(asker, {}, { answers: {} }, { controlPlaneReplicas: 1, computeReplicas: 0 })));
    expect(spec).toMatchObject({ platform: { name: "kvm" }, pools: { controlPlane: { replicas: 1 } } });
  });

  it("are not put where options have answered", async () => {
    const { asker, asked } = answering(VSPHERE);
    const vsphere = { server: "vc", user: "u", password: "file:/p", datacenter: "d", cluster: "c", datastore: "s", network: "n" };
    const given = { name: "lab", baseDomain: "x.org", machineNetwork: "10.0.0.0/16", apiVIP: "10.0.0.7", ingressVIP: "10.0.0.8" };
    await ask(asker, { ...given, controlPlaneReplicas: 1, computeReplicas: 1, sshKey: "ssh-ed25519 x" }, { name: "vsphere", answers: vsphere }, {});
    expect(asked).toEqual([]);
  });

  it("leave the platform out where a libvirt connection is given", async () => {
    const { asker, asked } = answering({});
    expect(await ask(asker, {}, platformOf({ libvirtUri: "qemu+ssh://h/system" }), {})).toMatchObject({ platform: "kvm" });
    expect(asked).not.toContain("Platform");
  });
});

describe("the options", () => {
  const all = {
    platform: "vsphere",
    vcenter: "vc.example.com",
    vcenterUser: "env:U",
    vcenterPassword: "env:P",
    datacenter: "dc",
    cluster: "c",
    datastore: "/dc/datastore/d",
    portGroup: "VM Network",
  };

  it("say all about a vCenter", () => {
    const answers = { name: "lab", baseDomain: "example.com", controlPlaneReplicas: 3, computeReplicas: 0, ...completePlatform(platformOf(all)) };
    expect(loadClusterSpec(renderInstallConfig(answers), "x", CREDENTIALS).platform).toMatchObject({
      vcenters: [{ server: "vc.example.com", user: "hunter2hunter2" }],
      failureDomains: [{ topology: { computeCluster: "/dc/host/c", datastore: "/dc/datastore/d", networks: ["VM Network"] } }],
    });
  });

  it("name what is missing", () => {
    expect(() => completePlatform(platformOf({ ...all, datastore: undefined, portGroup: undefined }))).toThrow(
      "--datastore, --port-group must be given",
    );
    expect(completePlatform(platformOf({}))).toEqual({ platform: "kvm", platformAnswers: {} });
  });

  it("take no password in clear, and do not repeat it", () => {
    expect(() => platformOf({ ...all, vcenterPassword: "hunter2hunter2" })).toThrow(
      expect.objectContaining({ id: "USAGE", value: "--vcenter-password" }),
    );
    expect(() => platformOf({ ...all, vcenterPassword: "hunter2hunter2" })).not.toThrow("hunter2hunter2");
  });

  it("about a vCenter are for vSphere only", () => {
    expect(() => platformOf({ datastore: "d" })).toThrow("--datastore is for --platform vsphere");
    expect(() => platformOf({ platform: "kvm", vcenter: "vc" })).toThrow("--vcenter is for");
    expect(() => platformOf({ platform: "vsphere", libvirtUri: "qemu:///system" })).toThrow("--libvirt-uri is for --platform kvm");
  });
});
