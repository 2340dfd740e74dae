import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { machineIgnition, makeClusterKeys, readTemplates, rendererOf, renderAssets, type RenderedAssets } from "../../../src/assets/index.ts";
import { fromResource, IgnitionBuilder, ignitionText, type IgnitionConfig } from "../../../src/assets/ignition/index.ts";
import { planMachines } from "../../../src/config/machine-plan.ts";
import { systemEntropy } from "../../../src/util/index.ts";
import { VALID, validateIgnition } from "../../helpers/ignition-validate.ts";
import { IDENTITY, makeSpec } from "../../unit/assets/spec.ts";

const templates = join(dirname(fileURLToPath(import.meta.url)), "../../../templates");
const spec = makeSpec(3, 2);
let rendered: RenderedAssets;

beforeAll(async () => {
  const keys = await makeClusterKeys(rendererOf(spec), systemEntropy);
  rendered = await renderAssets({ spec, identity: IDENTITY, keys, installConfig: "apiVersion: v1\n", templates: await readTemplates(templates) });
});

describe("ignition-validate", () => {
  it.each([true, false])("takes what every machine is started with, bootstrapping: %s", async (bootstrapping) => {
    for (const machine of planMachines(spec, IDENTITY))
      expect(await validateIgnition(machineIgnition({ ...rendered, spec, bootstrapping }, machine)), machine.name).toEqual(VALID);
  });

  it("takes what the machine-config server hands out", async () => {
    const bootstrap = JSON.parse(rendered.assets.get("bootstrap.ign")?.content ?? "") as IgnitionConfig;
    const texts = (bootstrap.storage?.files ?? [])
      .map((file) => fromResource(file.contents ?? { source: "data:," }).toString())
      .filter((text) => text.startsWith('{"ignition":'));
    expect(texts).toHaveLength(2);
    for (const text of texts) expect(await validateIgnition(text)).toEqual(VALID);
  });

  it("takes every kind of entry that the builder has", async () => {
    const config = new IgnitionBuilder()
      .merge("https://192.168.126.5:22623/config/master")
      .certificateAuthority("-----BEGIN CERTIFICATE-----\n")
      .user({
        name: "core",
        sshAuthorizedKeys: ["ssh-ed25519 AAAA"],
        passwordHash: "*",
        groups: ["sudo"],
        homeDir: "/home/core",
        shell: "/bin/bash",
        uid: 1000,
      })
      .group({ name: "etcd", gid: 900, system: true })
      .directory({ path: "/var/lib/etcd", mode: 0o700, user: { name: "root" } })
      .file(
        { path: "/etc/long", contents: "line\n".repeat(500), mode: 0o644 },
        { path: "/usr/local/bin/tool", contents: Uint8Array.of(0, 255), mode: 0o755 },
      )
      .append("/etc/containers.conf", "[engine]\n")
      .link({ path: "/etc/localtime", target: "/usr/share/zoneinfo/UTC", overwrite: true })
      .unit(
        { name: "a.service", enabled: true, contents: "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n" },
        { name: "b.service", mask: true },
      )
      .dropin("sshd.service", "10-a.conf", "[Service]\nNice=1\n")
      .build();
    expect(await validateIgnition(ignitionText(config))).toEqual(VALID);
  });

  it("agrees with us about what is a conflict", async () => {
    const files = [{ path: "/etc/a", contents: { source: "data:,x" } }];
    const twice = await validateIgnition(
      JSON.stringify({ ignition: { version: "3.2.0" }, storage: { files, links: [{ path: "/etc/a", target: "/x" }] } }),
    );
    expect(twice.exitCode).not.toBe(0);
    expect(() => new IgnitionBuilder().file({ path: "/etc/a", contents: "x" }).link({ path: "/etc/a", target: "/x" })).toThrow("/etc/a");
  });
});
