import { describe, expect, it } from "vitest";
import { fromResource, IgnitionBuilder, ignitionText, sizeReport } from "../../../../src/assets/ignition/index.ts";

const conflict = (value: string): Error => expect.objectContaining({ id: "IGNITION_CONFLICT", value }) as Error;

describe("IgnitionBuilder", () => {
  it("begins as the smallest config", () => {
    expect(ignitionText(new IgnitionBuilder().build())).toBe('{"ignition":{"version":"3.2.0"}}');
  });

  it("writes every section", () => {
    const config = new IgnitionBuilder()
      .merge("https://api-int.demo.example.com:22623/config/master")
      .certificateAuthority("PEM\n")
      .user({ name: "core", sshAuthorizedKeys: ["ssh-ed25519 AAAA"], groups: ["sudo"] })
      .group({ name: "etcd", gid: 900 })
      .directory({ path: "/var/lib/etcd", mode: 0o700 })
      .file({ path: "/etc/b", contents: "b", mode: 0o644 }, { path: "/etc/a", contents: "a", overwrite: false })
      .link({ path: "/etc/localtime", target: "/usr/share/zoneinfo/UTC", hard: false })
      .unit({ name: "z.service", enabled: true, contents: "[Unit]\n" }, { name: "a.service", mask: true })
      .build();
    expect(config).toEqual({
      ignition: {
        version: "3.2.0",
        config: { merge: [{ source: "https://api-int.demo.example.com:22623/config/master" }] },
        security: { tls: { certificateAuthorities: [{ source: "data:text/plain;charset=utf-8;base64,UEVNCg==" }] } },
      },
      passwd: { users: [{ name: "core", sshAuthorizedKeys: ["ssh-ed25519 AAAA"], groups: ["sudo"] }], groups: [{ name: "etcd", gid: 900 }] },
      storage: {
        directories: [{ path: "/var/lib/etcd", mode: 448 }],
        files: [
          { path: "/etc/a", mode: 384, overwrite: false, contents: { source: "data:text/plain;charset=utf-8;base64,YQ==" } },
          { path: "/etc/b", mode: 420, overwrite: true, contents: { source: "data:text/plain;charset=utf-8;base64,Yg==" } },
        ],
        links: [{ path: "/etc/localtime", target: "/usr/share/zoneinfo/UTC", hard: false }],
      },
      systemd: {
        units: [
          { name: "a.service", mask: true },
          { name: "z.service", enabled: true, contents: "[Unit]\n" },
        ],
      },
    });
  });

  it("is not changed by what is built from it", () => {
    const common = new IgnitionBuilder().file({ path: "/etc/common", contents: "" });
    const master = common.file({ path: "/etc/role", contents: "master" });
    const worker = common.file({ path: "/etc/role", contents: "worker" });
    expect(common.build().storage?.files).toHaveLength(1);
    expect(master.build()).not.toEqual(worker.build());
  });

  it("gathers appended parts in one entry without overwrite", () => {
    const config = new IgnitionBuilder().append("/etc/containers.conf", "one\n", 0o644).append("/etc/containers.conf", "two\n").build();
    const [file] = config.storage?.files ?? [];
    expect(file).toMatchObject({ path: "/etc/containers.conf", mode: 0o644 });
    expect(file).not.toHaveProperty("overwrite");
    expect(file?.append?.map((part) => fromResource(part).toString())).toEqual(["one\n", "two\n"]);
  });

  it("gathers drop-ins under their unit", () => {
    const config = new IgnitionBuilder()
      .unit({ name: "kubelet.service", enabled: true })
      .dropin("kubelet.service", "10-a.conf", "a")
      .dropin("kubelet.service", "20-b.conf", "b")
      .dropin("sshd.service", "10-c.conf", "c")
      .build();
    expect(config.systemd?.units).toEqual([
      {
        name: "kubelet.service",
        enabled: true,
        dropins: [
          { name: "10-a.conf", contents: "a" },
          { name: "20-b.conf", contents: "b" },
        ],
      },
      { name: "sshd.service", dropins: [{ name: "10-c.conf", contents: "c" }] },
    ]);
  });

  it("gives the same text whatever the order of the calls", () => {
    const one = new IgnitionBuilder().file({ path: "/a", contents: "1" }).file({ path: "/b", contents: "2", mode: 0o644 });
    const other = new IgnitionBuilder().file({ mode: 0o644, contents: "2", path: "/b" }).file({ contents: "1", path: "/a" });
    expect(ignitionText(one.build())).toBe(ignitionText(other.build()));
  });
});

describe("conflicts", () => {
  const start = new IgnitionBuilder()
    .file({ path: "/etc/motd", contents: "" })
    .unit({ name: "a.service" })
    .user({ name: "core" })
    .directory({ path: "/opt/x" });

  it.each<[string, () => unknown, string]>([
    ["a file twice", () => start.file({ path: "/etc/motd", contents: "other" }), "/etc/motd"],
    ["a link over a file", () => start.link({ path: "/etc/motd", target: "/dev/null" }), "/etc/motd"],
    ["a file over a directory", () => start.file({ path: "/opt/x", contents: "" }), "/opt/x"],
    ["a file below a file", () => start.file({ path: "/etc/motd/part", contents: "" }), "/etc/motd/part"],
    ["a directory below a link", () => start.link({ path: "/srv/l", target: "/opt/x" }).directory({ path: "/srv/l/deep/er" }), "/srv/l/deep/er"],
    ["a unit twice", () => start.unit({ name: "a.service" }), "a.service"],
    ["a drop-in twice", () => start.dropin("a.service", "x.conf", "").dropin("a.service", "x.conf", ""), "x.conf"],
    ["a user twice", () => start.user({ name: "core" }), "core"],
    ["a group twice", () => start.group({ name: "g" }, { name: "g" }), "g"],
    ["a relative path", () => start.file({ path: "etc/x", contents: "" }), "etc/x"],
    ["a path with dots", () => start.file({ path: "/etc/../x", contents: "" }), "/etc/../x"],
    ["a doubled slash", () => start.file({ path: "/etc//x", contents: "" }), "/etc//x"],
  ])("refuses %s", (_, build, value) => {
    expect(build).toThrow(conflict(value));
  });

  it("lets a file lie below a directory of the same config", () => {
    expect(() => start.file({ path: "/opt/x/y", contents: "" })).not.toThrow();
  });
});

describe("sizeReport", () => {
  it("names the largest parts first", () => {
    const big = Array.from({ length: 400 }, (_, index) => `${index * 7919}`).join(" ");
    const config = new IgnitionBuilder()
      .file({ path: "/small", contents: "s" }, { path: "/big", contents: big })
      .unit({ name: "u.service", contents: "x".repeat(300) })
      .build();
    const report = sizeReport(config, 2);
    expect(report.bytes).toBe(Buffer.byteLength(ignitionText(config)));
    expect(report.largest.map((part) => part.name)).toEqual(["/big", "u.service"]);
  });
});
