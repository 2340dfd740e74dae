import { describe, expect, it } from "vitest";
import { planMachines } from "../../../../src/config/index.ts";
import { vsphere } from "../../../../src/providers/vsphere/index.ts";
import { grantsOf } from "../../../../src/providers/vsphere/privileges.ts";
import { usedDomains } from "../../../../src/providers/vsphere/used-domains.ts";
import { percentIn } from "../../../../src/providers/vsphere/template-import.ts";
import { templateName } from "../../../../src/providers/vsphere/names.ts";
import { tooOld } from "../../../../src/providers/vsphere/preflight/vcenter.ts";
import { vsphereCluster } from "../../../helpers/vsphere-cluster.ts";

const VCENTERS = [
  { server: "vc1.example.com", user: "root@vsphere.local", password: "s3cret", domains: [{ name: "a" }, { name: "b", cluster: 1 }] },
  { server: "vc2.example.com:8443", user: "corp\\root", password: "it's", domains: [{ name: "c", topology: { folder: "/DC0/vm/teams/red" } }] },
];

describe("metadata.json", () => {
  const { spec, identity } = vsphereCluster(VCENTERS, { controlPlane: 3 });
  const metadata = vsphere.metadata(spec, identity, planMachines(spec, identity));

  it("has what openshift-install destroys by, and what we scan by", () => {
    expect(metadata).toMatchObject({
      terraform_platform: "vsphere",
      VCenters: [
        { vCenter: "vc1.example.com", username: "root@vsphere.local", password: "s3cret" },
        { vCenter: "vc2.example.com:8443", username: "corp\\root", password: "it's" },
      ],
      failureDomains: [
        { name: "a", vCenter: "vc1.example.com", computeCluster: "/DC0/host/DC0_C0", folder: "/DC0/vm/try-abcde" },
        { name: "b", vCenter: "vc1.example.com", computeCluster: "/DC0/host/DC0_C1", folder: "/DC0/vm/try-abcde" },
        { name: "c", vCenter: "vc2.example.com:8443", folder: "/DC0/vm/teams/red" },
      ],
      machines: ["try-abcde-bootstrap", "try-abcde-master-0", "try-abcde-master-1", "try-abcde-master-2"],
    });
  });

  it("tells which of it is secret, and follows references", () => {
    expect(vsphere.credentials?.secrets(metadata)).toEqual(["s3cret", "it's"]);
    const written = { platform: "vsphere", VCenters: [{ vCenter: "vc", username: "env:U", password: "file:p" }] };
    const followed = vsphere.credentials?.follow(written, { env: (name) => (name === "U" ? "root" : undefined), file: () => ({ text: "pw\n" }) });
    expect(followed).toMatchObject({ VCenters: [{ username: "root", password: "pw" }] });
    expect(() => vsphere.credentials?.follow(written, { env: () => undefined, file: () => ({ problem: "" }) })).toThrow(/VCenters\[0\]\.username/);
  });

  it("takes the old form of openshift-install, and refuses what is none", () => {
    const old = { platform: "vsphere", vCenter: "vc", username: "u", password: "secret" };
    expect(vsphere.credentials?.secrets(old)).toEqual(["secret"]);
    expect(() => vsphere.credentials?.secrets({ platform: "vsphere" })).toThrow(/does not describe a cluster on vSphere/);
  });
});

describe("what machines need", () => {
  it("is taken from the failure domains that they are in", () => {
    const { spec, identity } = vsphereCluster(VCENTERS, {
      config: { controlPlane: { name: "master", replicas: 1, platform: { vsphere: { zones: ["b"] } } } },
    });
    expect(usedDomains(spec, planMachines(spec, identity))).toEqual(["b"]);
    expect(vsphere.image.isNeeded(spec)).toBe(true);
  });

  it("is no image where every failure domain has a template", () => {
    const [first] = VCENTERS;
    if (first === undefined) throw new Error("no vCenter");
    const { spec } = vsphereCluster([{ ...first, domains: [{ name: "a", topology: { template: "/DC0/vm/golden" } }] }]);
    expect(vsphere.image.isNeeded(spec)).toBe(false);
  });
});

describe("the minimum role", () => {
  const { spec, identity } = vsphereCluster(VCENTERS, { controlPlane: 3 });
  if (spec.platform.name !== "vsphere") throw new Error("not vSphere");
  const grants = grantsOf(spec.platform, ["a", "b", "c"]);
  const at = (server: string, path: string) =>
    grants.filter((grant) => grant.server === server && grant.path === path).map(({ group }) => group.role);

  it("is on the folder where there is one, else on the datacenter", () => {
    expect(at("vc1.example.com", "/DC0")).toEqual(["openshift-datacenter"]);
    expect(at("vc2.example.com", "/DC0")).toEqual(["ReadOnly"]);
    expect(at("vc2.example.com", "/DC0/vm/teams/red")).toEqual(["openshift-folder"]);
  });

  it("is on what a name leads to, where no path is given", () => {
    const [first] = VCENTERS;
    if (first === undefined) throw new Error("no vCenter");
    const topology = { computeCluster: "it's c1", resourcePool: "apps", datastore: "ds [ssd]", networks: ["ocp", "siteA/ocp"], folder: "red" };
    const named = vsphereCluster([{ ...first, domains: [{ name: "a", topology }] }]);
    const text = vsphere.role?.(named.spec, planMachines(named.spec, named.identity)) ?? "";
    for (const found of [
      String.raw`'/DC0/host' ClusterComputeResource 'it'\''s c1'`,
      "'/DC0/host' ResourcePool 'apps'",
      String.raw`'/DC0/datastore' Datastore 'ds \[ssd\]'`,
      "'/DC0/network' Network 'ocp'",
      "'/DC0/vm' Folder 'red'",
    ])
      expect(text).toContain(`object=$(one ${found})\n`);
    expect(text).toContain("-role openshift-network -propagate=false '/DC0/network/siteA/ocp'");
  });

  it("names each object once", () => {
    const keys = grants.map(({ server, path, group }) => `${server} ${path} ${group.role}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("is written as commands without the password, in an account's own form", () => {
    const text = vsphere.role?.(spec, planMachines(spec, identity)) ?? "";
    expect(text).toContain("export GOVC_URL='vc2.example.com:8443'");
    expect(text).toContain("-principal 'VSPHERE.LOCAL\\root' -role openshift-datacenter -propagate=true '/DC0'");
    expect(text).toContain("-principal 'corp\\root' -role openshift-folder -propagate=true '/DC0/vm/teams/red'");
    expect(text).not.toContain("s3cret");
    expect(text).not.toContain("it's");
    expect(text).not.toContain("role.create ReadOnly");
  });
});

describe("small parts", () => {
  it("a template's name fits into vSphere", () => {
    expect(templateName("try-abcde", "a")).toBe("try-abcde-rhcos-a");
    expect(templateName("try-abcde", "z".repeat(100))).toHaveLength(80);
  });

  it.each([
    ["\r[K[21-11-26 08:43:41] Uploading disk.vmdk... (12%, 3.2MiB/s)", 12],
    ["(1%)\r...(99%, 1MiB/s)\r...(100%, 1MiB/s)", 100],
    ["Uploading... OK", undefined],
  ])("the last percentage of %j", (text, percent) => expect(percentIn(text)).toBe(percent));

  it.each([
    ["7.0.2", 17_694_817, undefined],
    ["7.0.2", 17_694_816, "older than x"],
    ["7.0.1", 99_999_999, "older than x"],
    ["7.0.3", 1, undefined],
    ["6.7.0", 99_999_999, "which is too old"],
    ["9.0.0", 1, undefined],
  ])("version %s build %d: %s", (version, build, verdict) =>
    expect(tooOld(version, build, { 7: { version: [7, 0, 2], build: 17_694_817, text: "x" } })).toBe(verdict),
  );
});
