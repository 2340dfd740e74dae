import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { machineFolder, type MachineFolder } from "../../helpers/machine-script.ts";

/** The nodes' script with a watch that tells what the row says: what it makes of nodes that say more of themselves than is true. */
let machine: MachineFolder;

beforeEach(async () => {
  machine = await machineFolder();
  const folder = machine.path;
  await mkdir(join(folder, "net.d"));
  await writeFile(
    join(folder, "cluster.env"),
    "CLUSTER_DOMAIN=c.example.com\nCLUSTER_CIDR=10.128.0.0/14\nNODE_CIDR_MASK=23\nMACHINE_NETWORKS='fd00::/64 192.168.126.0/24'\nAPI_VIP=192.168.126.5\nINGRESS_VIP=192.168.126.6\n",
  );
  await writeFile(join(folder, "node.env"), "NODE_NAME=me\nNODE_IP=192.168.126.20\n");
  await machine.script("functions", "kubernetes/scripts/functions");
  await machine.script("pod-network", "kubernetes/scripts/pod-network", {
    "/usr/bin/kubectl": join(folder, "bin/kubectl"),
    "/etc/virt-ipi/cluster.env": join(folder, "cluster.env"),
    "/run/virt-ipi/node.env": join(folder, "node.env"),
    "/usr/local/libexec/virt-ipi": join(folder, "bin"),
    "/etc/cni/net.d": join(folder, "net.d"),
  });
  await machine.command("nft", "#!/bin/sh\ncat >/dev/null\n");
  await machine.command("curl", "#!/bin/sh\n");
  await machine.command("ip", `#!/bin/sh\necho "$*" >>${folder}/routes\n`);
  await machine.command("kubectl", `#!/bin/sh\nexec cat ${folder}/events\n`);
  await machine.command("until-the-watch-ends", "#!/bin/bash\npod-network; [ $? = 1 ]\n");
});

afterEach(() => machine?.dispose());

type NodeEvent = readonly [type: "ADDED" | "MODIFIED" | "DELETED", name: string, podCIDR: string | undefined, ...addresses: readonly string[]];

const ME: NodeEvent = ["ADDED", "me", "10.128.2.0/23", "192.168.126.20"];
const OTHER: NodeEvent = ["ADDED", "other", "10.128.4.0/23", "192.168.126.21"];
const ROUTE = "route replace 10.128.4.0/23 via 192.168.126.21";

it.each<[what: string, events: readonly NodeEvent[], routes: readonly string[]]>([
  ["follows another node", [ME, OTHER], [ROUTE]],
  ["follows its end", [ME, OTHER, ["DELETED", "other", "10.128.4.0/23", "192.168.126.21"]], [ROUTE, "route del 10.128.4.0/23"]],
  [
    "follows another address",
    [ME, OTHER, ["MODIFIED", "other", "10.128.4.0/23", "192.168.126.22"]],
    [ROUTE, "route replace 10.128.4.0/23 via 192.168.126.22"],
  ],
  [
    "follows a node that was created again",
    [OTHER, ["DELETED", "other", "10.128.4.0/23", "192.168.126.21"], ["ADDED", "again", "10.128.4.0/23", "192.168.126.21"]],
    [ROUTE, "route del 10.128.4.0/23", ROUTE],
  ],
  [
    "waits for a node that has no network or no address yet",
    [
      ["ADDED", "other", undefined, "192.168.126.21"],
      ["ADDED", "other", "10.128.4.0/23"],
    ],
    [],
  ],
  [
    "takes the last and the first subnet",
    [
      ["ADDED", "a", "10.131.254.0/23", "192.168.126.21"],
      ["ADDED", "b", "10.128.0.0/23", "192.168.126.22"],
    ],
    ["route replace 10.131.254.0/23 via 192.168.126.21", "route replace 10.128.0.0/23 via 192.168.126.22"],
  ],
  ["leaves alone everything", [ME, ["ADDED", "evil", "0.0.0.0/0", "192.168.126.66"]], []],
  ["leaves alone half of everything", [ME, ["ADDED", "evil", "0.0.0.0/1", "192.168.126.66"]], []],
  ["leaves alone the whole cluster network", [ME, ["ADDED", "evil", "10.128.0.0/14", "192.168.126.66"]], []],
  ["leaves alone a larger network", [ME, ["ADDED", "evil", "10.128.4.0/22", "192.168.126.66"]], []],
  ["leaves alone a smaller one", [ME, ["ADDED", "evil", "10.128.4.0/24", "192.168.126.66"]], []],
  ["leaves alone one that begins in the middle", [ME, ["ADDED", "evil", "10.128.5.0/23", "192.168.126.66"]], []],
  ["leaves alone one outside", [ME, ["ADDED", "evil", "10.132.0.0/23", "192.168.126.66"]], []],
  ["leaves alone the Services", [ME, ["ADDED", "evil", "172.30.0.0/23", "192.168.126.66"]], []],
  ["leaves alone the machine network", [ME, ["ADDED", "evil", "192.168.126.0/23", "192.168.126.66"]], []],
  [
    "leaves alone what is no network",
    [ME, ["ADDED", "evil", "10.128.4.0/23 dev lo", "192.168.126.66"], ["ADDED", "worse", "x[$(touch pwned)]/23", "192.168.126.66"]],
    [],
  ],
  ["leaves alone an IPv6 network", [ME, ["ADDED", "evil", "fd01::/23", "192.168.126.66"]], []],
  ["keeps its own network", [ME, ["ADDED", "evil", "10.128.2.0/23", "192.168.126.66"]], []],
  [
    "takes its own network back",
    [["ADDED", "evil", "10.128.2.0/23", "192.168.126.66"], ME],
    ["route replace 10.128.2.0/23 via 192.168.126.66", "route del 10.128.2.0/23"],
  ],
  ["keeps another node's network", [OTHER, ["ADDED", "evil", "10.128.4.0/23", "192.168.126.66"]], [ROUTE]],
  [
    "keeps it also when the other goes",
    [OTHER, ["ADDED", "evil", "10.128.4.0/23", "192.168.126.66"], ["DELETED", "evil", "10.128.4.0/23", "192.168.126.66"]],
    [ROUTE],
  ],
  ["sends nothing to the API's address", [["ADDED", "evil", "10.128.4.0/23", "192.168.126.5"]], []],
  ["sends nothing to the ingress's address", [["ADDED", "evil", "10.128.4.0/23", "192.168.126.6"]], []],
  [
    "sends nothing out of the machine network",
    [
      ["ADDED", "evil", "10.128.4.0/23", "203.0.113.9"],
      ["ADDED", "worse", "10.128.6.0/23", "10.128.2.1"],
    ],
    [],
  ],
  [
    "sends nothing to what is no address",
    [
      ["ADDED", "evil", "10.128.4.0/23", "192.168.126.66 dev lo"],
      ["ADDED", "worse", "10.128.6.0/23", "a[$(touch pwned)]"],
    ],
    [],
  ],
])("%s", async (_what, events, routes) => {
  const objects = events.map(([type, name, podCIDR, ...addresses]) => ({
    type,
    object: { metadata: { name }, spec: { podCIDR }, status: { addresses: addresses.map((address) => ({ type: "InternalIP", address })) } },
  }));
  await writeFile(join(machine.path, "events"), objects.map((each) => `${JSON.stringify(each)}\n`).join(""));
  const { stdout } = await machine.run("until-the-watch-ends");
  const made = await readFile(join(machine.path, "routes"), "utf8").catch(() => "");
  expect(made.split("\n").filter(Boolean), stdout).toEqual(routes);
  if (events.includes(ME)) {
    const conflist = await readFile(join(machine.path, "net.d/10-pod-network.conflist"), "utf8");
    expect(conflist).toContain('"subnet": "10.128.2.0/23"');
  }
});
