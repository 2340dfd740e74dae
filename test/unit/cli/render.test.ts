import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { writtenAssetsText } from "../../../src/cli/render/create-assets.ts";
import { createdClusterText } from "../../../src/cli/render/create-cluster.ts";
import { writtenInstallConfigText } from "../../../src/cli/render/create-install-config.ts";
import { destroyedClusterText, ownedObjectsText } from "../../../src/cli/render/destroy-cluster.ts";
import { diagnosisText } from "../../../src/cli/render/doctor.ts";
import { exportsText } from "../../../src/cli/render/env.ts";
import { gatheredText } from "../../../src/cli/render/gather.ts";
import { graphText } from "../../../src/cli/render/graph.ts";
import { projectText } from "../../../src/cli/render/init.ts";
import { controllerStatusText, uninstalledControllerText } from "../../../src/cli/render/machine-controller.ts";
import { machinesText, scaledText } from "../../../src/cli/render/machines.ts";
import { orphansText } from "../../../src/cli/render/orphans.ts";
import { changesText } from "../../../src/cli/render/preview.ts";
import { partsText } from "../../../src/cli/render/setup.ts";
import { rehearsalText } from "../../../src/cli/render/rehearse.ts";
import { statusText } from "../../../src/cli/render/status.ts";
import { timelineText } from "../../../src/cli/render/timeline.ts";
import { verdictText } from "../../../src/cli/render/validate.ts";
import { versionsText } from "../../../src/cli/render/version.ts";
import { reachedText } from "../../../src/cli/render/wait-for.ts";

const CREATED = {
  cluster: "ocp4",
  infraID: "ocp4-abcde",
  apiURL: "https://api.ocp4.example.com:6443",
  kubeconfig: "/c/auth/kubeconfig",
  folder: "/c",
  virtualization: false,
  machineSets: false,
};
const ISSUE = { path: "baseDomain", kind: "Required value", message: "is needed", line: 1, column: 1 } as const;
/** What a terminal would act on. */
const EVIL = "\u001b[2J\nnext";

/** Each file of src/cli/render but those that have a test of their own, with what people see of it. */
const TEXTS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  "create-assets": [
    [writtenAssetsText({ folder: "/c", files: ["auth/kubeconfig", EVIL] }), "Written to /c:\n  auth/kubeconfig\n  \\u001b[2J\\nnext"],
  ],
  "create-cluster": [
    [
      createdClusterText(CREATED),
      "The cluster ocp4 is up.\n  export KUBECONFIG=/c/auth/kubeconfig\n  kubectl get nodes\nTo remove it: virt-ipi destroy cluster --dir /c",
    ],
    [
      createdClusterText({ ...CREATED, virtualization: true, machineSets: true }),
      "The cluster ocp4 is up.\n  export KUBECONFIG=/c/auth/kubeconfig\n  kubectl get nodes\nTo check virtualization: virt-ipi verify --dir /c\nTo let it create and remove machines: virt-ipi machine-controller run --dir /c\nTo remove it: virt-ipi destroy cluster --dir /c",
    ],
  ],
  machines: [
    [
      machinesText({
        cluster: "ocp4",
        controllerRuns: false,
        sets: [{ name: "ocp4-abcde-worker", replicas: 2, ready: 1 }],
        machines: [
          {
            name: "ocp4-abcde-worker-1",
            role: "worker",
            machineSet: "ocp4-abcde-worker",
            phase: "Running",
            providerID: "p",
            instanceState: "running",
            node: "ocp4-abcde-worker-1",
            ageSeconds: 7300,
          },
          { name: EVIL, role: "", machineSet: "", phase: "Failed", providerID: "", instanceState: "", node: "", ageSeconds: 90, reason: EVIL },
        ],
      }),
      "machine controller: not running; start it with virt-ipi machine-controller run\nMachineSet ocp4-abcde-worker: 1 of 2 ready\nNAME                 PHASE         VM        AGE   NODE\nocp4-abcde-worker-1  Running       running   2h    ocp4-abcde-worker-1\n\\u001b[2J\\nnext            Failed                  90s     \\u001b[2J\\nnext",
    ],
    [
      scaledText({ machineSet: "ocp4-abcde-worker", from: 1, to: 3, elapsedMs: 61_000 }),
      "MachineSet ocp4-abcde-worker has 3 machines (1 before), ready after 61s.",
    ],
  ],
  rehearse: [
    [
      rehearsalText({ machineSet: EVIL, machine: "m", steps: [{ step: "create a Machine", elapsedMs: 61_000 }] }),
      "MachineSet \\u001b[2J\\nnext: machine m came and went; the set is as it was.\n     1:01  create a Machine\n     1:01  together",
    ],
    [
      rehearsalText({ machineSet: "s", steps: [] }),
      "What an earlier rehearsal of MachineSet s had left is removed; run it again to rehearse.\n     0:00  together",
    ],
  ],
  "machine-controller": [
    [uninstalledControllerText({ unit: "u.service", removed: false }), "There is no unit u.service on this host."],
    [
      controllerStatusText({
        cluster: "ocp4",
        infraID: "ocp4-abcde",
        lease: EVIL,
        controllers: [
          { pid: 7, since: "2026-01-01", version: "1", running: true, ready: false, reason: EVIL, errors: [{ time: "2026-01-02", message: EVIL }] },
        ],
      }),
      "unit        not installed on this host; virt-ipi machine-controller install does it\nlease       \\u001b[2J\\nnext\ncontroller  process 7, version 1, since 2026-01-01: not ready: \\u001b[2J\\nnext\n  2026-01-02  \\u001b[2J\\nnext",
    ],
  ],
  "create-install-config": [
    [
      writtenInstallConfigText({ file: "/my c/install-config.yaml", folder: "/my c" }),
      "Written: /my c/install-config.yaml\nNext: virt-ipi create cluster --dir '/my c'",
    ],
    [
      writtenInstallConfigText({ file: "/c/install-config.yaml", folder: "/c" }),
      "Written: /c/install-config.yaml\nNext: virt-ipi create cluster --dir /c",
    ],
  ],
  "destroy-cluster": [
    [
      destroyedClusterText({ cluster: "ocp4", infraID: "ocp4-abcde", leftoversRemoved: [], receipt: "/c/destroy.json" }),
      "The cluster ocp4 (ocp4-abcde) is gone.\nReceipt: /c/destroy.json",
    ],
    [ownedObjectsText({ infraID: "ocp4-abcde", objects: [] }), "Nothing of ocp4-abcde exists."],
    [
      ownedObjectsText({
        infraID: "ocp4-abcde",
        objects: [
          { kind: "machine", name: "m", id: "1" },
          { kind: "host", name: EVIL, id: "2", problem: "does not answer" },
        ],
      }),
      "Would be removed of ocp4-abcde:\n  machine      m  1\n  host         \\u001b[2J\\nnext  does not answer",
    ],
  ],
  doctor: [
    [
      diagnosisText({
        checks: [
          { id: "memory", title: "Memory", outcome: "warning", found: "4 GiB", fix: "Add some." },
          { id: "ip", title: "Address", outcome: "failed", found: "in use\nby another\n" },
        ],
      }),
      "memory  warning  4 GiB\n                 Add some.\nip      FAILED   in use: by another",
    ],
  ],
  env: [
    [exportsText({ A: "it's" }), String.raw`export A='it'\''s'`],
    [exportsText({ A: "a\n" }), String.raw`export A=$'\x61\x0a'`],
  ],
  gather: [
    [gatheredText({ bundle: "/c/g.tar.gz", files: ["a"], errors: ["journals: no key"] }), "Written: /c/g.tar.gz\n  not available: journals: no key"],
  ],
  graph: [
    [
      graphText({ edges: [["install-config.yaml", "manifests/a.yaml"]] }, "mermaid"),
      'flowchart LR\n  n0["install-config.yaml"]\n  n1["manifests/a.yaml"]\n  n0 --> n1',
    ],
    [
      graphText({ edges: [["install-config.yaml", "manifests/a.yaml"]] }, "dot"),
      'digraph assets {\n  rankdir=LR;\n  node [shape=box];\n  "install-config.yaml" -> "manifests/a.yaml";\n}',
    ],
  ],
  init: [
    [
      projectText({ folder: "/my c", file: `/my c/${EVIL}` }),
      `Written: /my c/\\u001b[2J\\nnext\nNext: cd '/my c', then eval "$(virt-ipi env)" and pulumi up`,
    ],
  ],
  setup: [
    [
      partsText({ parts: [{ id: "etcd", version: "v3", source: "cached", seconds: undefined, size: 2048, path: "/c", programs: {} }] }),
      "PART  VERSION  FROM    TIME     SIZE  PATH\netcd  v3       cached     -  2.0 KiB  /c",
    ],
  ],
  orphans: [
    [orphansText({ known: ["a-abcde"], orphans: [] }), "Nothing is left of clusters other than the 1 known."],
    [
      orphansText({
        known: [],
        orphans: [{ infraID: "b-abcde", kind: "folder", name: "f", id: "1", problem: "not seen" }],
      }),
      "b-abcde                      folder         f: not seen",
    ],
  ],
  preview: [
    [changesText({ changes: {}, steps: [], createdByCluster: [] }), "Nothing would change."],
    [
      changesText({
        changes: { create: 2, delete: 1 },
        steps: [
          { operation: "create", kind: "a:b:C", name: "c" },
          { operation: "create", kind: "a:b:C", name: "d" },
          { operation: "delete", kind: "a:b:C", name: EVIL },
        ],
        createdByCluster: [
          { machineSet: "c-worker-0", machines: 2 },
          { machineSet: "c-worker-1", machines: 1 },
        ],
      }),
      [
        "  create   a:b:C                                c",
        "  create   a:b:C                                d",
        "  delete   a:b:C                                \\u001b[2J\\nnext",
        "2 to create, 1 to delete",
        "Machines that the cluster then creates itself, by its MachineSets: c-worker-0: 2, c-worker-1: 1",
      ].join("\n"),
    ],
  ],
  timeline: [
    [
      timelineText({ page: "/c/timeline.html", missing: [`console of m: ${EVIL}`] }),
      "Written: /c/timeline.html\n  not available: console of m: \\u001b[2J\n    | next",
    ],
  ],
  status: [
    [
      statusText({
        cluster: "ocp4",
        infraID: "ocp4-abcde",
        phases: [{ phase: "preflight", state: "unfinished", time: "T" }],
        estimate: { phase: "preflight", remainingMs: 240_000, lowMs: 240_000, highMs: 240_000, runs: 5, overdue: false },
        objects: [],
        nodes: [],
      }),
      [
        "cluster ocp4, infraID ocp4-abcde",
        "phases",
        "  preflight                unfinished  T",
        "  about 4 min left (5 earlier runs)",
        "objects",
        "nodes",
      ].join("\n"),
    ],
    [
      statusText({
        cluster: "ocp4",
        infraID: "ocp4-abcde",
        phases: [{ phase: "preflight", state: "failed", time: "T", cause: "no libvirt\nsecond line" }],
        objects: [{ kind: "machine", name: "m", id: "1" }],
        nodes: `there is none: ${EVIL}`,
      }),
      [
        "cluster ocp4, infraID ocp4-abcde",
        "phases",
        "  preflight                failed      T  no libvirt",
        "objects",
        "  machine    m",
        "nodes",
        "  there is none: \\u001b[2J: next",
      ].join("\n"),
    ],
  ],
  validate: [
    [verdictText({ file: "a.yaml", errors: [], warnings: [] }), "a.yaml: valid"],
    [
      verdictText({ file: "a.yaml", errors: [ISSUE], warnings: [ISSUE] }),
      "a.yaml: 1 error\n  baseDomain: Required value: is needed (1:1)\n  warning: baseDomain: Required value: is needed (1:1)",
    ],
    [verdictText({ file: "a.yaml", unreadable: "there is no such file", errors: [], warnings: [] }), "a.yaml: 1 error\n  there is no such file"],
  ],
  version: [[versionsText({ version: "1.2.3", node: "24.0.0", platform: "linux/x64" }), "virt-ipi 1.2.3\nnode 24.0.0\nlinux/x64"]],
  "wait-for": [
    [reachedText({ reached: "bootstrap-complete", elapsedMs: 1, kubeconfig: "/k" }), "Bootstrapping is complete."],
    [
      reachedText({ reached: "bootstrap-complete", elapsedMs: 1, kubeconfig: "/k", bootstrapMachine: "yours" }),
      "Bootstrapping is complete.\nRemove the bootstrap machine from the load balancer, and then the machine itself.",
    ],
    [
      reachedText({ reached: "install-complete", elapsedMs: 1, kubeconfig: "/a b/k" }),
      "The installation is complete.\n  export KUBECONFIG='/a b/k'\n  kubectl get nodes",
    ],
    [
      reachedText({ reached: "install-complete", elapsedMs: 1, kubeconfig: "/k", console: "https://c.example.com" }),
      "The installation is complete.\n  export KUBECONFIG=/k\n  kubectl get nodes\nWeb console: https://c.example.com, as kubeadmin; the password is in auth/kubeadmin-password.",
    ],
  ],
};

describe("what people see", () => {
  it.each(Object.entries(TEXTS).flatMap(([file, texts]) => texts.map(([text, wanted], index) => ({ file, index, text, wanted }))))(
    "of $file, case $index",
    ({ text, wanted }) => {
      expect(text).toBe(wanted);
    },
  );

  it("is all in this table", async () => {
    const files = (await readdir(resolve(import.meta.dirname, "../../../src/cli/render"))).map((name) => name.replace(/\.ts$/, ""));
    // test/unit/cli/command-line, test/integration/cli and test/golden/virtualization
    const elsewhere = ["error", "explain", "verify"];
    expect(files.toSorted()).toEqual([...Object.keys(TEXTS), ...elsewhere].toSorted());
  });
});
