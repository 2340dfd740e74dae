import { X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { AssetSet } from "../../../../src/assets/index.ts";
import { fixtureKeys, inputOf, renderScenario } from "../../../golden/openshift/scenarios.ts";
import { ignitionFiles } from "../../../helpers/ignition-files.ts";

let input: string;
let assets: AssetSet;
let files: ReadonlyMap<string, string>;

beforeAll(async () => {
  input = await inputOf("baremetal-managed", "5.0");
  assets = await render(input);
  files = filesOf(assets);
});

const render = async (text: string): Promise<AssetSet> => await renderScenario(text, await fixtureKeys(text, false));

const filesOf = (set: AssetSet): ReadonlyMap<string, string> =>
  new Map([...ignitionFiles(set.get("bootstrap.ign")?.content ?? "")].map(([path, { text }]) => [path, text]));

describe("the bootstrap machine's ironic", () => {
  it("shows a certificate for the addresses of the API, that its own key has signed", () => {
    const certificate = new X509Certificate(files.get("/opt/openshift/tls/ironic/tls.crt") ?? "");
    expect(certificate.subject).toBe("OU=openshift\nCN=ironic");
    expect(certificate.issuer).toBe(certificate.subject);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
    for (const address of ["192.168.111.5", "fd00:1::5", "172.23.0.2"]) expect(certificate.checkIP(address), address).toBe(address);
    expect(certificate.checkHost("api-int.demo.example.com")).toBe("api-int.demo.example.com");
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  });

  it("has one password, which is in no manifest and follows from the keys", async () => {
    const password = files.get("/opt/metal3/auth/ironic/password") ?? "";
    expect(password).toMatch(/^[\w-]{16}$/);
    expect(files.get("/opt/metal3/auth/ironic-inspector/password")).toBe(password);
    expect(parse(files.get("/opt/metal3/auth/clouds.yaml") ?? "")).toMatchObject({ clouds: { "metal3-bootstrap": { password } } });
    for (const [path, { content }] of assets) if (!path.endsWith(".ign")) expect(content, path).not.toContain(password);
    expect(filesOf(await render(input)).get("/opt/metal3/auth/ironic/password")).toBe(password);
  });

  it("has its static address and the leases of the provisioning network", () => {
    expect(files.get("/etc/NetworkManager/system-connections/nmconnection")).toContain(
      "address1=192.168.111.9/24,192.168.111.1\ndns=192.168.111.2\n",
    );
    expect(files.get("/etc/ironic.env")).toContain('DHCP_RANGE="172.23.0.10,172.23.0.254,24"\n');
    expect(files.get("/etc/ironic-network.env")).toContain('PROVISIONING_IP="172.23.0.2"\nPROVISIONING_PREFIX="24"\n');
  });
});

/** The Machine that each host becomes, by the host's name. */
function machinesOf(set: AssetSet): Readonly<Record<string, string | undefined>> {
  const hosts = [...set].filter(([path]) => /_(?:arbiter_)?hosts-\d+\.yaml$/.test(path)).map(([, { content }]) => parse(content) as Host);
  return Object.fromEntries(hosts.map(({ metadata, spec }) => [metadata.name, spec.consumerRef?.name.replace(/^demo-[^-]+-/, "")]));
}

interface Host {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly consumerRef?: { readonly name: string } };
}

describe("hosts become Machines", () => {
  it("of the role that they have, and where one is missing those without a role", () => {
    expect(machinesOf(assets)).toEqual({ c1: "master-0", c3: "master-1", c2: "master-2" });
  });

  it("of arbiters after the control plane", async () => {
    expect(machinesOf(await render(await inputOf("baremetal-arbiter", "5.0")))).toEqual({ c1: "master-0", c2: "master-1", a1: "arbiter-0" });
  });

  it("later, where they are of compute machines", async () => {
    expect(machinesOf(await render(await inputOf("baremetal", "5.0")))).toEqual({
      c1: "master-0",
      c2: "master-1",
      c3: "master-2",
      w1: undefined,
      w2: undefined,
    });
  });
});
