import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cacheFolder } from "../../../setup/paths.ts";
import { machineFolder, type MachineFolder } from "../../helpers/machine-script.ts";

/** The start of three emulated control-plane machines: their script, a real etcd (without TLS) in a network namespace, API servers that take a second. */
const BIN = join(cacheFolder(), "bin");
const MACHINES = ["master-0", "master-1", "master-2"];

let machine: MachineFolder;

beforeAll(async () => {
  machine = await machineFolder();
  const folder = machine.path;
  await writeFile(join(folder, "cluster.env"), "CONTROL_PLANE_REPLICAS=3\n");
  await writeFile(join(folder, "node.env"), "SLOW=1\n");
  await machine.script("control-plane", "kubernetes/scripts/control-plane", {
    "https://": "http://",
    "/etc/virt-ipi/cluster.env": join(folder, "cluster.env"),
    "/run/virt-ipi/node.env": join(folder, "node.env"),
    "/var/lib/virt-ipi": join(folder, "state"),
    "/usr/local/libexec/virt-ipi": join(folder, "bin"),
  });
  await machine.script("functions", "kubernetes/scripts/functions");
  await machine.command("etcd-join", "#!/bin/sh\n");
  await machine.command("etcdctl", `#!/bin/bash\nendpoint=$1; shift\nexec ${BIN}/etcdctl --endpoints "$endpoint" --command-timeout 30s "$@"\n`);
  await machine.command("check-api", `#!/bin/sh\nexec test -e ${folder}/ready-$MACHINE\n`);
  await machine.command(
    "systemctl",
    `#!/bin/bash
[ "$*" = "start kube-apiserver.service" ] && mkdir ${folder}/started-$MACHINE 2>/dev/null || exit 0
echo "start $MACHINE" >>${folder}/log
(sleep 1; echo "ready $MACHINE" >>${folder}/log; touch ${folder}/ready-$MACHINE) >/dev/null 2>&1 &
`,
  );
  await machine.command("machines", DRIVER);
});

afterAll(async () => {
  await machine?.dispose();
});

it("starts API servers that share a host's processors one after the other", async () => {
  await machine.runAlone("machines", ...MACHINES);
  const log = (await readFile(join(machine.path, "log"), "utf8")).trim().split("\n");
  const order = log.filter((line) => line.startsWith("start ")).map((line) => line.replace("start ", ""));
  expect(order.toSorted()).toEqual(MACHINES);
  expect(log).toEqual(order.flatMap((name) => [`start ${name}`, `ready ${name}`]));
});

const DRIVER = `#!/bin/bash
set -euo pipefail
ip link set lo up
cd "$(dirname "$0")/.."
${BIN}/etcd --data-dir data --log-level error &
until etcdctl http://127.0.0.1:2379 endpoint health >/dev/null 2>&1; do sleep 0.2; done
for machine in "$@"; do MACHINE=$machine control-plane >/dev/null & scripts+=($!); done
wait "\${scripts[@]}"
`;
