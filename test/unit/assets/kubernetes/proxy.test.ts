import { describe, expect, it } from "vitest";
import { completeNoProxy } from "../../../../src/assets/no-proxy.ts";
import type { ClusterSpec } from "../../../../src/config/index.ts";
import { ignitionText } from "../../../../src/assets/ignition/index.ts";
import { makeSpec } from "../spec.ts";
import { fileOf, machinesWith, unitOf } from "./machines.ts";

const ENV = "/etc/virt-ipi/proxy.env";
const DEFAULTS = "/etc/systemd/system.conf.d/10-default-env.conf";
const DROPIN = { name: "10-proxy.conf", contents: `[Service]\nEnvironmentFile=${ENV}\n` };
const ROLES = ["bootstrap", "master", "worker"];
const INSIDE =
  ".cluster.local,.demo.example.com,.svc,10.0.0.1,10.128.0.0/14,127.0.0.1,172.30.0.0/16,192.168.126.0/24,api-int.demo.example.com,example.org,localhost";

const machinesOf = (proxy: ClusterSpec["proxy"]) => machinesWith(proxy === undefined ? {} : { proxy });

describe("the proxy", () => {
  it("is on no machine where none is given", async () => {
    for (const [, config] of await machinesOf(undefined)) {
      expect([fileOf(config, ENV), fileOf(config, DEFAULTS)]).toEqual([undefined, undefined]);
      expect(ignitionText(config)).not.toContain("10-proxy.conf");
    }
  });

  it("is in the environment of every service of every machine, for root alone to read", async () => {
    const machines = await machinesOf({ httpProxy: "http://u:p%24s@proxy.example.com:3128", noProxy: "example.org,10.0.0.1" });
    for (const role of ROLES)
      expect([role, fileOf(machines.get(role), DEFAULTS)]).toEqual([
        role,
        {
          mode: 0o600,
          text: `[Manager]\nDefaultEnvironment="HTTP_PROXY=http://u:p%%24s@proxy.example.com:3128" "NO_PROXY=${INSIDE}"\n`,
        },
      ]);
  });

  it("is what the container runtime and the kubelet of every node use", async () => {
    const machines = await machinesOf({ httpProxy: "http://u:p%24s@proxy.example.com:3128", noProxy: "example.org,10.0.0.1" });
    for (const role of ["master", "worker"]) {
      const config = machines.get(role);
      expect(fileOf(config, ENV)).toEqual({
        mode: 0o600,
        text: `HTTP_PROXY="http://u:p%24s@proxy.example.com:3128"\nNO_PROXY="${INSIDE}"\n`,
      });
      expect(unitOf(config, "containerd.service")).toEqual({ name: "containerd.service", dropins: [DROPIN] });
      expect(unitOf(config, "kubelet.service")).toMatchObject({ dropins: [DROPIN], enabled: role === "worker" });
    }
  });

  it("stands in no file that others can read, and in no unit", async () => {
    const secret = "p%24s";
    for (const [role, config] of await machinesOf({ httpProxy: `http://u:${secret}@proxy.example.com:3128` })) {
      const readable = (config.storage?.files ?? [])
        .filter(({ mode = 0o644 }) => (mode & 0o077) !== 0)
        .map(({ path }) => fileOf(config, path)?.text ?? "");
      expect([role, [...readable, JSON.stringify(config.systemd)].filter((text) => /p%+24s/.test(text))]).toEqual([role, []]);
    }
  });

  it("leaves everything direct where noProxy says so", async () => {
    const machines = await machinesOf({ httpsProxy: "https://proxy.example.com", noProxy: "*" });
    expect(fileOf(machines.get("worker"), ENV)?.text).toBe('HTTPS_PROXY="https://proxy.example.com"\nNO_PROXY="*"\n');
  });

  it("keeps what systemd would read otherwise", async () => {
    const config = (await machinesOf({ httpProxy: 'http://a"$`\\%41' })).get("worker");
    expect(fileOf(config, ENV)?.text).toContain('HTTP_PROXY="http://a\\"\\$\\`\\\\%41"\n');
    expect(fileOf(config, DEFAULTS)?.text).toContain('"HTTP_PROXY=http://a\\"$`\\\\%%41" ');
  });
});

describe("the complete noProxy", () => {
  it("holds every network of both families, and each entry once", () => {
    const spec = makeSpec(1, 1, {
      networking: {
        networkType: "Bridge",
        machineNetwork: ["10.0.0.0/16", "fd00:1::/64"],
        clusterNetwork: [
          { cidr: "10.128.0.0/14", hostPrefix: 23 },
          { cidr: "fd00:2::/48", hostPrefix: 64 },
        ],
        serviceNetwork: ["172.30.0.0/16", "fd00:3::/112"],
      },
      proxy: { httpProxy: "http://proxy.example.com", noProxy: ".svc,localhost,.example.org,10.0.0.0/16," },
    });
    expect(completeNoProxy(spec).split(",")).toEqual(
      [
        ...["127.0.0.1", "localhost", ".svc", ".cluster.local", "api-int.demo.example.com", ".demo.example.com", ".example.org"],
        ...["10.0.0.0/16", "fd00:1::/64", "10.128.0.0/14", "fd00:2::/48", "172.30.0.0/16", "fd00:3::/112"],
      ].toSorted(),
    );
  });
});
