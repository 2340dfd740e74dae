import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machineFolder, type MachineFolder } from "../../helpers/machine-script.ts";

/**
 * The script that keeps pods from the machine-config server, in namespaces that stand for nodes and their pods: nodes a and b with it, c as
 * a node that has lost its rules. Port 6443 stands for everything else on the same way.
 */
interface Way {
  readonly from: string;
  readonly to: string;
  /** The port that must be closed, and the one beside it. */
  readonly closed: number;
  readonly open: number;
}

const SERVER = { closed: 22623, open: 6443 } as const;
/** What a Service translates to the two. */
const SERVICE = { closed: 443, open: 6443 } as const;
const NODE_PORT = { closed: 30443, open: 30643 } as const;
const BACK_PORT = { closed: 30444, open: 30644 } as const;

const WAYS: Readonly<Record<string, Way>> = {
  "its own node": { from: "pod-a", to: "192.168.126.10", ...SERVER },
  "its gateway": { from: "pod-a", to: "10.128.0.1", ...SERVER },
  "its gateway's link-local address": { from: "pod-a", to: "fe80::a%eth0", ...SERVER },
  "another node": { from: "pod-a", to: "192.168.126.11", ...SERVER },
  "the VIP": { from: "pod-a", to: "192.168.126.5", ...SERVER },
  "the VIP that its own node holds": { from: "pod-b", to: "192.168.126.5", ...SERVER },
  "a Service of the VIP": { from: "pod-a", to: "172.30.0.77", ...SERVICE },
  "a Service of the VIP that its own node holds": { from: "pod-b", to: "172.30.0.77", ...SERVICE },
  "a Service of its own node": { from: "pod-a", to: "172.30.0.78", ...SERVICE },
  "another node's port of a Service of the VIP": { from: "pod-a", to: "192.168.126.11", ...NODE_PORT },
  "another node's port of a Service of its own node": { from: "pod-a", to: "192.168.126.11", ...BACK_PORT },
  "a node, from one without the filter": { from: "pod-c", to: "192.168.126.10", ...SERVER },
};

let machine: MachineFolder;
let answers: ReadonlyMap<string, string>;

beforeAll(async () => {
  machine = await machineFolder();
  await writeFile(join(machine.path, "cluster.env"), "CLUSTER_CIDR=10.128.0.0/14\n");
  await machine.script("pod-filter", "kubernetes/scripts/pod-filter", { "/etc/virt-ipi/cluster.env": join(machine.path, "cluster.env") });
  await machine.command("listen", LISTEN);
  await machine.command("ways", DRIVER);
  const { stdout } = await machine.runAlone(
    "ways",
    ...Object.values(WAYS).flatMap(({ from, to, closed, open }) => [`${from} ${to} ${closed}`, `${from} ${to} ${open}`]),
    ...["a 192.168.126.11 22623", "a 192.168.126.5 22623", "b 192.168.126.5 22623", "c 192.168.126.10 22623"],
  );
  answers = new Map(stdout.split("\n").flatMap((line) => [line.split(": ") as [string, string]]));
});

afterAll(async () => {
  await machine?.dispose();
});

describe("a pod cannot reach the machine-config server by", () => {
  it.each(Object.entries(WAYS))("%s", (_name, { from, to, closed, open }) => {
    expect(answers.get(`${from} ${to} ${closed}`)).toBe("closed");
    expect(answers.get(`${from} ${to} ${open}`)).toBe("open");
  });
});

it("lets machines reach it", () => {
  for (const way of ["a 192.168.126.11 22623", "a 192.168.126.5 22623", "b 192.168.126.5 22623", "c 192.168.126.10 22623"])
    expect([way, answers.get(way)]).toEqual([way, "open"]);
});

it("stays the same when it runs again", () => {
  expect(answers.get("again")).toBe("the same");
});

const LISTEN = `#!${process.execPath}
const { createServer } = require("node:net");
for (const port of [22623, 6443]) createServer((socket) => socket.end()).listen(port, "::");
`;

const DRIVER = `#!/bin/bash
set -euo pipefail
if [ "$1" != inside ]; then exec unshare --mount "$0" inside "$@"; fi
shift
mount -t tmpfs tmpfs /run
within() { local name=$1; shift; ip netns exec "$name" "$@"; }
ip link set lo up
ip link add machines type bridge
ip link set machines up

node() { # NAME ADDRESS POD-NETWORK
  ip netns add "$1"
  ip netns add "pod-$1"
  # A link-local address that is still looked for elsewhere cannot be a pod's own: where that takes longer than all of this, nothing is open.
  for which in all default; do within "pod-$1" sysctl -q "net.ipv6.conf.$which.accept_dad=0"; done
  ip link add "to-$1" type veth peer name eth0 netns "$1"
  ip link set "to-$1" master machines up
  within "$1" ip link set lo up
  within "$1" ip addr add "$2/24" dev eth0
  within "$1" ip link set eth0 up
  within "$1" sysctl -q net.ipv4.ip_forward=1
  within "$1" ip link add cni0 type bridge
  within "$1" ip addr add "$3.1/24" dev cni0
  within "$1" ip addr add fe80::a/64 dev cni0 nodad
  within "$1" ip link set cni0 up
  within "$1" ip link add veth0 type veth peer name eth0 netns "pod-$1"
  within "$1" ip link set veth0 master cni0 up
  within "pod-$1" ip link set lo up
  within "pod-$1" ip addr add "$3.5/24" dev eth0
  within "pod-$1" ip link set eth0 up
  within "pod-$1" ip route add default via "$3.1"
  within "$1" listen &
}
node a 192.168.126.10 10.128.0
node b 192.168.126.11 10.128.2
node c 192.168.126.12 10.129.0
within b ip addr add 192.168.126.5/24 dev eth0
within a ip route add 10.128.2.0/24 via 192.168.126.11
within a ip route add 10.129.0.0/24 via 192.168.126.12
within b ip route add 10.128.0.0/24 via 192.168.126.10

for name in a b; do
  within $name pod-filter
  # As pod-network and kube-proxy do it.
  within $name nft -f - <<RULES
table ip pods {
  chain postrouting {
    type nat hook postrouting priority srcnat + 10;
    ip saddr 10.128.0.0/14 ip daddr != 10.128.0.0/14 masquerade
    ct status dnat masquerade
  }
  chain prerouting {
    type nat hook prerouting priority dstnat;
    ip daddr 172.30.0.77 tcp dport 443 dnat to 192.168.126.5:22623
    ip daddr 172.30.0.77 tcp dport 6443 dnat to 192.168.126.5:6443
    ip daddr 172.30.0.78 tcp dport 443 dnat to 192.168.126.10:22623
    ip daddr 172.30.0.78 tcp dport 6443 dnat to 192.168.126.10:6443
    tcp dport 30443 dnat to 192.168.126.5:22623
    tcp dport 30643 dnat to 192.168.126.5:6443
    tcp dport 30444 dnat to 192.168.126.10:22623
    tcp dport 30644 dnat to 192.168.126.10:6443
  }
}
RULES
done
before=$(within a nft list table inet virt-ipi-filter)
within a pod-filter
[ "$(within a nft list table inet virt-ipi-filter)" = "$before" ] && echo "again: the same"

for name in a b c; do
  until within $name bash -c 'exec 3<>/dev/tcp/127.0.0.1/6443' 2>/dev/null; do sleep 0.1; done
done
for way in "$@"; do
  read -r from to port <<<"$way"
  if within "$from" timeout 60 bash -c "exec 3<>/dev/tcp/$to/$port" 2>/dev/null; then echo "$way: open"; else echo "$way: closed"; fi
done
`;
