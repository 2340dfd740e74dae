import { afterAll, beforeAll, expect, it } from "vitest";
import type { Vcsim } from "../../../tools/vcsim/index.ts";
import { testVcsim } from "../../helpers/vcsim.ts";
import { login, soap } from "../../helpers/vcsim-soap.ts";

/** What vSphere's API says of CloneVM_Task: `spec.config` changes what the clone has from its source, and all is there when the task has succeeded. */

const UUID = "5030a1b2-c3d4-4e5f-8a9b-0c1d2e3f4a5b";
const SOURCE = "/DC0/vm/source";

let vcsim: Vcsim;
let cookie: string;

beforeAll(async () => {
  vcsim = await testVcsim({ inventory: { clusters: 2, hosts: 1, machines: 0, pools: 1 } });
  ({ cookie } = await soap(vcsim, login(vcsim)));
  await vcsim.govc("folder.create", "/DC0/vm/cluster");
  const pool = "-pool=/DC0/host/DC0_C0/Resources";
  await vcsim.govc("vm.create", "-on=false", "-c=1", "-m=512", "-disk=2GiB", "-net=DC0_DVPG0", pool, "-annotation=notes of the source", "source");
  await vcsim.govc("vm.change", "-vm", SOURCE, "-e", "guestinfo.kept=from-source", "-e", "guestinfo.changed=old", "-e", "guestinfo.removed=old");
  await vcsim.govc("vm.change", "-vm", SOURCE, "-nested-hv-enabled=true");
});

afterAll(async () => {
  await vcsim.stop();
});

const idOf = async (path: string): Promise<string> => (await vcsim.govc("find", "-i", "-maxdepth=0", path)).stdout.trim().replace(/^.*:/, "");

interface Info {
  readonly resourcePool: { readonly value: string };
  readonly config: {
    readonly template: boolean;
    readonly nestedHVEnabled: boolean;
    readonly annotation: string;
    readonly instanceUuid: string;
    readonly extraConfig: readonly { readonly key: string; readonly value: unknown }[];
    readonly hardware: {
      readonly numCPU: number;
      readonly numCoresPerSocket: number;
      readonly memoryMB: number;
      readonly device: readonly {
        readonly key: number;
        readonly controllerKey: number;
        readonly unitNumber: number;
        readonly capacityInBytes?: number;
      }[];
    };
  };
}

async function infoOf(path: string): Promise<Info | undefined> {
  const { stdout } = await vcsim.govc("vm.info", "-json", path);
  return (JSON.parse(stdout) as { virtualMachines: readonly Info[] | null }).virtualMachines?.[0];
}

const settingsOf = (info: Info | undefined): Readonly<Record<string, unknown>> =>
  Object.fromEntries(info?.config.extraConfig.filter(({ key }) => key.startsWith("guestinfo.")).map(({ key, value }) => [key, value]) ?? []);

const setting = (key: string, value: string): string =>
  `<extraConfig xsi:type="OptionValue"><key>${key}</key><value xsi:type="xsd:string">${value}</value></extraConfig>`;

/** The disk of the source with another capacity. */
async function diskOf(gib: number): Promise<string> {
  const disk = (await infoOf(SOURCE))?.config.hardware.device.find(({ capacityInBytes }) => capacityInBytes !== undefined);
  if (disk === undefined) throw new Error("the source has no disk");
  return `<deviceChange><operation>edit</operation><device xsi:type="VirtualDisk"><key>${disk.key}</key>
    <backing xsi:type="VirtualDiskFlatVer2BackingInfo"><fileName></fileName><diskMode>persistent</diskMode></backing>
    <controllerKey>${disk.controllerKey}</controllerKey><unitNumber>${disk.unitNumber}</unitNumber><capacityInKB>${gib * 2 ** 20}</capacityInKB></device></deviceChange>`;
}

/** Clones, and waits for the task. @returns its fault, or nothing */
async function clone(name: string, config: string, template = false, pool = "/DC0/host/DC0_C0/Resources/DC0_C0_RP1"): Promise<string | undefined> {
  const body = `<CloneVM_Task xmlns="urn:vim25"><_this type="VirtualMachine">${await idOf(SOURCE)}</_this>
    <folder type="Folder">${await idOf("/DC0/vm/cluster")}</folder><name>${name}</name><spec>
    <location><pool type="ResourcePool">${await idOf(pool)}</pool></location>
    <template>${String(template)}</template>${config}<powerOn>false</powerOn></spec></CloneVM_Task>`;
  const { text } = await soap(vcsim, body, cookie);
  const task = /<returnval type="Task">([^<]+)</.exec(text)?.[1];
  if (task === undefined) throw new Error(`there is no task: ${text}`);
  for (let triesLeft = 200; triesLeft > 0; triesLeft--) {
    const { stdout } = await vcsim.govc("object.collect", "-json", `Task:${task}`, "info");
    const [info] = JSON.parse(stdout) as readonly { val: { state: string; error?: { localizedMessage: string } } }[];
    if (info?.val.state === "success") return undefined;
    if (info?.val.state === "error") return info.val.error?.localizedMessage.replace("*types.", "") ?? "unknown";
  }
  throw new Error("the task does not end");
}

it("applies the config of the request to what the source has", async () => {
  const config = `<config><instanceUuid>${UUID}</instanceUuid><annotation>notes of the clone</annotation><numCPUs>4</numCPUs>
    <numCoresPerSocket>2</numCoresPerSocket><memoryMB>2048</memoryMB>${await diskOf(5)}
    ${setting("guestinfo.new", "a b")}${setting("guestinfo.changed", "new")}${setting("guestinfo.removed", "")}</config>`;
  expect(await clone("configured", config)).toBeUndefined();
  const info = await infoOf("/DC0/vm/cluster/configured");
  expect(info?.config).toMatchObject({
    instanceUuid: UUID,
    annotation: "notes of the clone",
    template: false,
    hardware: { numCPU: 4, numCoresPerSocket: 2, memoryMB: 2_048 },
  });
  expect(info?.config.hardware.device.flatMap(({ capacityInBytes }) => capacityInBytes ?? [])).toEqual([5 * 2 ** 30]);
  expect(settingsOf(info)).toEqual({ "guestinfo.kept": "from-source", "guestinfo.changed": "new", "guestinfo.new": "a b" });
  expect(info?.resourcePool.value).toBe(await idOf("/DC0/host/DC0_C0/Resources/DC0_C0_RP1"));
  // Searches find it at once.
  const search = `<FindByUuid xmlns="urn:vim25"><_this type="SearchIndex">SearchIndex</_this><uuid>${UUID}</uuid><vmSearch>true</vmSearch>
    <instanceUuid>true</instanceUuid></FindByUuid>`;
  expect((await soap(vcsim, search, cookie)).text).toContain(await idOf("/DC0/vm/cluster/configured"));
  expect((await infoOf(SOURCE))?.config.hardware).toMatchObject({ numCPU: 1, memoryMB: 512 });
});

it.each([
  ["no config", ""],
  ["an empty config", "<config></config>"],
])("takes all over from the source with %s", async (what, config) => {
  const name = what.replaceAll(" ", "-");
  expect(await clone(name, config)).toBeUndefined();
  const info = await infoOf(`/DC0/vm/cluster/${name}`);
  const source = await infoOf(SOURCE);
  expect(info?.config).toMatchObject({ annotation: "notes of the source", nestedHVEnabled: true, hardware: { numCPU: 1, memoryMB: 512 } });
  expect(settingsOf(info)).toEqual(settingsOf(source));
  expect(info?.config.instanceUuid).not.toBe(source?.config.instanceUuid);
});

it("configures what becomes a template", async () => {
  const config = "<config><numCPUs>4</numCPUs><nestedHVEnabled>false</nestedHVEnabled></config>";
  expect(await clone("template", config, true)).toBeUndefined();
  expect((await infoOf("/DC0/vm/cluster/template"))?.config).toMatchObject({ template: true, nestedHVEnabled: false, hardware: { numCPU: 4 } });
});

it("runs a clone on a host of its pool's cluster", async () => {
  expect(await clone("elsewhere", "", false, "/DC0/host/DC0_C1/Resources")).toBeUndefined();
  const { stdout } = await vcsim.govc("object.collect", "-s", "/DC0/vm/cluster/elsewhere", "runtime.host");
  expect(stdout.trim().replace(/^.*:/, "")).toBe(await idOf("/DC0/host/DC0_C1/DC0_C1_H0"));
});

it("leaves nothing of a clone that cannot be configured", async () => {
  expect(await clone("shrunk", `<config>${await diskOf(1)}</config>`)).toBe("InvalidDeviceOperation");
  expect(await infoOf("/DC0/vm/cluster/shrunk")).toBeUndefined();
  expect(await clone("configured", "")).toBe("DuplicateName");
});
