import { describe, expect, it } from "vitest";
import { goSatisfies } from "../../../setup/parts/go.ts";
import { DEMO_PARTS, partsFor } from "../../../setup/parts/index.ts";
import { ALL_PARTS, TESTS } from "../../../tools/parts/index.ts";
import { cacheFolder } from "../../../setup/paths.ts";
import { stateFolder } from "../../../src/util/index.ts";
import { saysVersion } from "../../../setup/programs.ts";
import { inOrder } from "../../../setup/recipe.ts";
import { formatSize, formatTable } from "../../../setup/table.ts";

describe("the table", () => {
  it("aligns its columns, times and sizes to the right", () => {
    const row = { version: "v1.34.2", source: "built", path: "/cache/kubernetes", programs: {} } as const;
    expect(
      formatTable([
        { ...row, id: "kubernetes", seconds: 566, size: 485_490_688 },
        { ...row, id: "go", source: "installed", path: "/usr/bin/go", size: undefined },
      ]),
    ).toBe(
      [
        "PART        VERSION  FROM        TIME       SIZE  PATH",
        "kubernetes  v1.34.2  built      9 min  463.0 MiB  /cache/kubernetes",
        "go          v1.34.2  installed      -          -  /usr/bin/go",
      ].join("\n"),
    );
  });

  it.each([
    [0, "0 B"],
    [410, "410 B"],
    [1024, "1.0 KiB"],
    [1024 ** 3, "1.0 GiB"],
    [5 * 1024 ** 4, "5120.0 GiB"],
  ])("tells %d bytes as %s", (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});

describe("the version of a program", () => {
  it.each([
    ["Kubernetes v1.34.2", "v1.34.2", true],
    ["Kubernetes v1.34.21", "v1.34.2", false],
    ["Kubernetes v1.34.2-rc.1", "v1.34.2", false],
    ["v11.34.2", "v1.34.2", false],
    ["etcd Version: 3.6.4\nGit SHA: x", "v3.6.4", true],
    ["etcd Version: 3.6.40", "v3.6.4", false],
    ["CoreDNS-1.12.4\nlinux/amd64, go1.26.8, ", "1.12.4", true],
    ["Ignition Debian 2.14.0+ds1-1+b6", "2.14.0", true],
    ["1234.0", "1.34.0", false],
  ])("%j says %s: %s", (text, version, verdict) => {
    expect(saysVersion(text, version)).toBe(verdict);
  });

  it.each([
    ["go1.24", true],
    ["go1.26.8", true],
    ["go2.0", true],
    ["2:1.24~2", true],
    ["go1.23.9", false],
    ["go1.3", false],
    ["devel", false],
  ])("of Go, %s, is new enough: %s", (version, verdict) => {
    expect(goSatisfies(version)).toBe(verdict);
  });
});

describe("the user's folders", () => {
  it.each([
    [{ XDG_CACHE_HOME: "/x", XDG_STATE_HOME: "/y" }, "/x/virt-ipi", "/y/virt-ipi"],
    [{ XDG_CACHE_HOME: "relative", XDG_STATE_HOME: "", HOME: "/home/u" }, "/home/u/.cache/virt-ipi", "/home/u/.local/state/virt-ipi"],
    [{ HOME: "/home/u" }, "/home/u/.cache/virt-ipi", "/home/u/.local/state/virt-ipi"],
  ])("with %o are %s and %s", (env, cache, state) => {
    expect(cacheFolder(env)).toBe(cache);
    expect(stateFolder(env)).toBe(state);
  });
});

describe("the project's own parts", () => {
  it("have different ids, and need only parts that there are", () => {
    expect(new Set(ALL_PARTS.map(({ id }) => id)).size).toBe(ALL_PARTS.length);
    expect(inOrder(ALL_PARTS)).toHaveLength(ALL_PARTS.length);
  });

  it("are brought for a purpose, and no more", () => {
    const brought = (ids: readonly string[]): string[] =>
      inOrder(ALL_PARTS, ids)
        .map(({ id }) => id)
        .toSorted();
    const kvm = ["coredns", "debian-packages", "etcd", "etcdctl", "kubernetes", "machine-config-server", "node-image", "pulumi"];
    const plugins = ["kubernetes-plugin", "pulumi-language-nodejs"];
    expect(brought(DEMO_PARTS)).toEqual(kvm);
    expect(brought(partsFor(["kvm"]))).toEqual([...kvm, ...plugins].toSorted());
    // The image is packed as an OVA on this host.
    const vsphere = [...kvm, ...plugins, "govc", "node-image-ova", "vsphere-plugin"].toSorted();
    expect(brought(partsFor(["vsphere"]))).toEqual(vsphere);
    expect(brought(partsFor(["kvm", "vsphere"]))).toEqual(vsphere);
    expect(brought(TESTS)).toEqual(
      expect.arrayContaining(["control-plane-machine-set", "ignition-validate", "kwok", "machine-api", "olm", "opm", "vcsim"]),
    );
  });
});
