import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { $, ProcessOutput } from "zx";
import { InstallerError } from "../src/errors/index.ts";
import { writeFileAtomic } from "../src/util/index.ts";
import { ALL_PARTS } from "./parts/index.ts";
import { setUp } from "../setup/driver.ts";
import { cacheFolder, ROOT } from "../setup/paths.ts";
import { formatTable } from "../setup/table.ts";
import { startVcsim, type Vcsim } from "./vcsim/index.ts";

const CLUSTER = join(ROOT, "clusters", "demo-vsphere");
const CLI = join(ROOT, "bin", "virt-ipi");
const PARTS_NEEDED = ["pulumi", "govc", "vcsim", "vsphere-plugin"];
/** Machines of the simulator never boot, and their names are in no DNS. */
const SKIP = ["--skip", "dns-api", "--skip", "dns-apps"];

const say = (text: string): void => void process.stdout.write(`\n${text}\n`);

/**
 * A cluster's machines on a simulated vCenter, from import to receipt: everything but a booted guest, which a simulator cannot have. So it
 * stops where `create infra` does, and leaves nothing, the vCenter included.
 * @param image an OVA to be imported instead of the node image
 */
export async function vsphereDemo(image: string | undefined): Promise<void> {
  const only = [...PARTS_NEEDED, ...(image === undefined ? ["node-image-ova"] : [])];
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  say(formatTable(await setUp({ parts: ALL_PARTS, root: ROOT, cacheDir: cacheFolder(), only, log })));
  await rm(CLUSTER, { recursive: true, force: true });
  await using vcsim = await startVcsim({
    bin: join(cacheFolder(), "bin"),
    password: "only for the demo",
    inventory: { "host-memory": 64, "host-cpus": 16, machines: 0 },
  });
  await writeInstallConfig(vcsim, image);
  const inherit = $({ stdio: "inherit", verbose: false, env: { ...process.env, DEMO_VCENTER_PASSWORD: vcsim.password } });
  try {
    say(`A simulated vCenter serves on ${vcsim.server}. Importing the image, making a bootstrap and three control-plane machines:`);
    await inherit`${CLI} create infra --dir ${CLUSTER} ${SKIP}`;
    say("What the vCenter says, by govc:");
    say(`${(await vcsim.govc("find", "-l", "/DC0/vm")).stdout.trim()}\ntag  ${(await vcsim.govc("tags.ls")).stdout.trim()}`);
    say("The same again, which changes nothing:");
    await inherit`${CLI} create infra --dir ${CLUSTER} ${SKIP}`;
    say("And down again:");
    await inherit`${CLI} destroy cluster --dir ${CLUSTER}`;
    await proveGone(vcsim);
  } catch (error) {
    // The simulator goes in any case, so nothing has to be taken down in it.
    if (error instanceof ProcessOutput) say(`The demo stopped; its folder is ${CLUSTER}.`);
    throw error;
  }
}

async function writeInstallConfig(vcsim: Vcsim, image: string | undefined): Promise<void> {
  const document = parseDocument(await readFile(join(ROOT, "examples", "vsphere.yaml"), "utf8"));
  const [server, port] = vcsim.server.split(":");
  const set = (path: readonly (string | number)[], value: unknown): void => document.setIn(["platform", "vsphere", ...path], value);
  document.setIn(["metadata", "name"], "demo");
  document.setIn(["controlPlane", "replicas"], 3);
  document.setIn(["compute", 0, "replicas"], 0);
  // RFC 2544's network: nobody has these addresses.
  document.setIn(["networking", "machineNetwork", 0, "cidr"], "198.18.0.0/24");
  document.setIn(["additionalTrustBundle"], vcsim.ca);
  set(["vcenters", 0], { server, port: Number(port), user: vcsim.user, password: "env:DEMO_VCENTER_PASSWORD", datacenters: ["DC0"] });
  set(["failureDomains", 0, "server"], server);
  set(["failureDomains", 0, "topology"], {
    datacenter: "DC0",
    computeCluster: "/DC0/host/DC0_C0",
    datastore: "/DC0/datastore/LocalDS_0",
    networks: ["DC0_DVPG0"],
  });
  set(["apiVIPs"], ["198.18.0.5"]);
  set(["ingressVIPs"], ["198.18.0.6"]);
  if (image !== undefined) set(["clusterOSImage"], image);
  await mkdir(CLUSTER, { recursive: true, mode: 0o700 });
  await writeFileAtomic(join(CLUSTER, "install-config.yaml"), document.toString());
}

/** Not by our own scan: whatever the demo made would show here. */
async function proveGone(vcsim: Vcsim): Promise<void> {
  const machines = (await vcsim.govc("find", "/", "-type", "m")).stdout.trim();
  const tags = (await vcsim.govc("tags.category.ls")).stdout.trim();
  if (machines !== "" || tags !== "")
    throw new InstallerError("DESTROY_INCOMPLETE", "the vCenter is not as it was", { details: [machines, tags].filter((text) => text !== "") });
  say(`The vCenter is as empty as it was. The receipt is in ${CLUSTER}.`);
}
