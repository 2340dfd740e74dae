import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cacheFolder } from "../../../setup/paths.ts";
import { machineFolder, type MachineFolder } from "../../helpers/machine-script.ts";

/** The last stages of the bootstrap machine's script, on two real members of etcd (without TLS) in a network namespace of their own. */
const BIN = join(cacheFolder(), "bin");
const DONE_BEFORE = ["etcd", "control-plane", "manifests", "etcd-members"];

let machine: MachineFolder;

beforeAll(async () => {
  machine = await machineFolder();
  const folder = machine.path;
  const state = join(folder, "bootstrap");
  await mkdir(state);
  for (const stage of DONE_BEFORE) await writeFile(join(state, `${stage}.done`), "");
  await writeFile(join(state, "members"), "127.0.0.2\n127.0.0.3\n");
  await writeFile(join(folder, "cluster.env"), "CONTROL_PLANE_REPLICAS=2\n");
  await writeFile(join(folder, "node.env"), "NODE_IP=127.0.0.1\nNODE_NAME=bootstrap\n");
  const places = {
    "https://": "http://",
    "/var/lib/virt-ipi/bootstrap": state,
    "/etc/virt-ipi/cluster.env": join(folder, "cluster.env"),
    "/run/virt-ipi/node.env": join(folder, "node.env"),
    "/usr/local/libexec/virt-ipi": join(folder, "bin"),
  };
  await machine.script("bootstrap", "kubernetes/scripts/bootstrap", places);
  await machine.script("functions", "kubernetes/scripts/functions", places);
  // The answer to the first removal gets lost on its way.
  await machine.command(
    "etcdctl",
    `#!/bin/bash
endpoint=$1; shift
${BIN}/etcdctl --endpoints "$endpoint" "$@" || exit
if [ "$2" = remove ] && [ ! -e ${folder}/removed ]; then touch ${folder}/removed; exit 1; fi
`,
  );
  await machine.command(
    "systemctl",
    `#!/bin/bash\necho "systemctl $*"\ncase "$*" in "stop etcd.service") kill "$BOOTSTRAP_ETCD" 2>/dev/null || true;; esac\n`,
  );
  // One API is ready only at first, the other only from then on.
  await machine.command(
    "curl",
    `#!/bin/bash
case "$*" in
  *127.0.0.2:6443/readyz) test -e ${folder}/asked ;;
  *127.0.0.3:6443/readyz) mkdir ${folder}/asked 2>/dev/null ;;
  *) cat >/dev/null; echo "PATCH $*" ;;
esac
`,
  );
  await machine.command("hand-over", DRIVER);
});

afterAll(async () => {
  await machine?.dispose();
});

it("hands over to an API that is ready when each has been, and leaves etcd with the control plane, also when the answer to the removal is lost", async () => {
  const { stdout } = await machine.runAlone("hand-over");
  const led = stdout.indexOf("Leadership transferred");
  const removed = stdout.indexOf("removed from cluster");
  expect([led >= 0, removed > led], stdout).toEqual([true, true]);
  expect(stdout).toMatch(/PATCH .*127\.0\.0\.2:6443/);
  const members = stdout.slice(stdout.lastIndexOf("is healthy")).split("\n").slice(1);
  expect(members, stdout).toEqual([
    expect.stringMatching(/^[0-9a-f]+, started, master-0, http:\/\/127\.0\.0\.2:2380, http:\/\/127\.0\.0\.2:2379, false$/),
  ]);
});

const DRIVER = `#!/bin/bash
set -euo pipefail
ip link set lo up
cd "$(dirname "$0")/.."
cluster=bootstrap=http://127.0.0.1:2380
member() { # NAME ADDRESS CLUSTER STATE
  ${BIN}/etcd --name "$1" --data-dir "data-$1" --listen-client-urls "http://$2:2379" --advertise-client-urls "http://$2:2379" \\
    --listen-peer-urls "http://$2:2380" --initial-advertise-peer-urls "http://$2:2380" --initial-cluster "$3" --initial-cluster-state "$4" \\
    --log-level error &
}
member bootstrap 127.0.0.1 $cluster new
export BOOTSTRAP_ETCD=$!
until ${BIN}/etcdctl --endpoints http://127.0.0.1:2379 endpoint health; do sleep 0.2; done
${BIN}/etcdctl --endpoints http://127.0.0.1:2379 member add master-0 --peer-urls http://127.0.0.2:2380
member master-0 127.0.0.2 $cluster,master-0=http://127.0.0.2:2380 existing
until ${BIN}/etcdctl --endpoints http://127.0.0.2:2379 endpoint health; do sleep 0.2; done
bootstrap
${BIN}/etcdctl --endpoints http://127.0.0.2:2379 endpoint health
${BIN}/etcdctl --endpoints http://127.0.0.2:2379 member list --write-out simple
`;
