import { afterEach, describe, expect, it, vi } from "vitest";
import { parseInstallConfig, planMachines } from "../../../../src/config/index.ts";
import type { Runner } from "../../../../src/exec/index.ts";
import { kvm } from "../../../../src/providers/kvm/index.ts";
import type { PlatformAccess, PlatformContext } from "../../../../src/providers/platform.ts";
import { kvmCluster } from "../../../helpers/kvm-cluster.ts";
import { ProviderClient } from "../../../helpers/provider-client.ts";
import { checkConfig } from "../../../../src/plugin/registry.ts";
import { startProviderServer } from "../../../../src/pulumi/server/server.ts";
import { anyResource } from "../../../../src/pulumi/resource/resource.ts";
import { network } from "../../../../src/providers/kvm/network.ts";
import * as verdicts from "../../config/verdicts/support.ts";

const TAKEN = [
  "qemu:///system",
  "qemu:///session",
  "qemu:///system?socket=/run/other/libvirt-sock",
  "qemu+unix:///system?socket=/x&mode=direct",
  "qemu+ssh://host/system",
  "qemu+ssh://root@host.example.com:2222/system?keyfile=/k",
  "qemu+ssh://EXAMPLE%5Cadmin@[2001:db8::1]:22/session",
  "qemu+tls://host.example.com/system",
  "test:///default",
] as const;

const REFUSED: readonly (readonly [uri: string, because: string])[] = [
  ["qemu+ext:///system?command=/bin/evil", "supported"],
  ["qemu+tcp://host/system", "supported"],
  ["qemu+libssh2://host/system", "supported"],
  ["xen:///system", "supported"],
  ["QEMU:///system", "supported"],
  ["qemu+ssh://host/system?command=/bin/evil", "parameter command"],
  ["qemu+ssh://host/system?keyfile=/k&Command=/bin/evil", "parameter command"],
  ["qemu+ssh://host/system?keyfile=/k;command=/bin/evil", "parameter command"],
  ["qemu+ssh://host/system?%63ommand=/bin/evil", "parameter command"],
  ["qemu+ssh://host/system?netcat=/bin/evil", "parameter netcat"],
  ["qemu+tls://host/system?pkipath=/tmp", "parameter pkipath"],
  ["qemu+tls://host/system?no_verify=1", "parameter no_verify"],
  ["qemu+ssh://host/system?no_verify=1", "parameter no_verify"],
  ["qemu+ssh://host/system?known_hosts_verify=ignore", "parameter known_hosts_verify"],
  ["qemu+unix:///system?name=qemu%2Bext:///system%3Fcommand%3D/bin/evil", "parameter name"],
  ["qemu+ssh://host/system?surprise=1", '"surprise"'],
  ["qemu+ssh://host/system?keyfile=%zz", "%XX"],
  ["qemu+ssh://-oProxyCommand=evil/system", "host"],
  ["qemu+ssh://-oProxyCommand%3Devil@host/system", "user name"],
  ["qemu+ssh://%2DoProxyCommand=evil@host/system", "user name"],
  ["qemu+ssh://root:hunter2@host/system", "password"],
  ["qemu+ssh://root%3Ahunter2@host/system", "password"],
  ["qemu+ssh://host:99999/system", "port"],
  ["qemu+ssh:///system", "no host to reach by ssh"],
  ["qemu+ssh://host", "no daemon"],
  ["qemu+ssh://host/system/../x", "neither /system nor /session"],
  ["qemu:///embed?root=/tmp/x", "neither /system nor /session"],
  ["qemu://host/system", "without a way"],
  ["qemu+unix://host/system", "must not name a host"],
  ["qemu:///system#x", "fragment"],
  ["qemu:///system ?command=x", "blanks"],
  ["qemu:/system", "absolute"],
  ["/system", "absolute"],
  [`qemu+ssh://${"h".repeat(2_000)}/system`, "at most 1024"],
];

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Whoever takes a URI: what it says of a refused one, undefined when it goes on to libvirt. */
const ENTRIES: Readonly<Record<string, (uri: string) => Promise<string | undefined>>> = {
  validate: async (uri) => {
    const { errors } = parseInstallConfig(verdicts.yamlOf(verdicts.kvm, { "platform.kvm.uri": uri }), "f", undefined, process.env);
    expect(errors.every(({ path }) => path === "platform.kvm.uri")).toBe(true);
    return await Promise.resolve(errors[0] && `${errors[0].value} ${errors[0].message}`);
  },
  "the provider's checkConfig": async (uri) => await withProvider(async (client) => (await client.checkConfig({ uri }))[0]),
  "the provider's configure": async (uri) => await withProvider((client) => told(client.configure({ uri }))),
  preflight: (uri) => withRunner((context) => kvm.preflight({ ...contextOf(uri), ...context }, new Set())),
  "destroy's scan": (uri) => withRunner((context) => kvm.scan("try-abcde", metadataOf(uri), context)),
  "destroy's removal": (uri) =>
    withRunner((context) => kvm.remove("try-abcde", { kind: "pool", name: "try-abcde", id: "x" }, metadataOf(uri), context)),
  gather: (uri) => withRunner((context) => kvm.gather("try-abcde", metadataOf(uri), context)),
  "the console of a machine": (uri) => withRunner(async (context) => await kvm.consoleOf?.("try-abcde-master-0", metadataOf(uri), context)),
};

describe.each(Object.entries(ENTRIES))("%s", (_entry, take) => {
  it("takes the ways to a libvirt that are safe", async () => {
    for (const uri of TAKEN) expect([uri, await take(uri)]).toEqual([uri, undefined]);
  });

  it.each(REFUSED)("refuses %s", async (uri, because) => {
    expect(await take(uri)).toContain(because);
  });

  it("takes a parameter that the environment allows, and no other", async () => {
    vi.stubEnv("VIRT_IPI_LIBVIRT_URI_PARAMETERS", "netcat, no_verify");
    expect(await take("qemu+ssh://host/system?netcat=/usr/bin/nc&no_verify=1")).toBeUndefined();
    expect(await take("qemu+ssh://host/system?netcat=/usr/bin/nc&command=/bin/evil")).toContain("parameter command");
    expect(await take("qemu+ext:///system?netcat=/usr/bin/nc")).toContain("supported");
  });
});

it("keeps the password out of what it says", async () => {
  for (const take of Object.values(ENTRIES)) expect(await take("qemu+ssh://root:hunter2@host/system")).not.toContain("hunter2");
});

const metadataOf = (uri: string) => ({ platform: "kvm", uri, pool: "try-abcde", poolOwned: true, machines: [] });

function contextOf(uri: string): Omit<PlatformContext, keyof PlatformAccess> {
  const { spec, identity } = kvmCluster({ uri });
  return { spec, identity, machines: planMachines(spec, identity), reporter: { emit: () => undefined }, clusterDir: "/nowhere" };
}

/** Undefined as soon as any program was run; what was thrown before. */
async function withRunner(use: (context: PlatformAccess) => Promise<unknown>): Promise<string | undefined> {
  let ran = false;
  const run: Runner = () => {
    ran = true;
    return Promise.reject(new Error("no libvirt in this test"));
  };
  const said = await told(use({ run, signal: new AbortController().signal, env: process.env }));
  return ran ? undefined : said;
}

async function told(taking: Promise<unknown>): Promise<string | undefined> {
  return await taking.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

async function withProvider(use: (client: ProviderClient) => Promise<string | undefined>): Promise<string | undefined> {
  const server = await startProviderServer({ resources: new Map([["virt-ipi:kvm:Network", anyResource(network)]]), checkConfig, env: process.env });
  const client = new ProviderClient(server.port, () => server.close());
  try {
    return await use(client);
  } finally {
    client.close();
  }
}
