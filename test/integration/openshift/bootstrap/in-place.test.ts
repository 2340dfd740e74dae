import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { BootstrapMachine, bootstrapFilesOf } from "../../../helpers/bootstrap-machine.ts";
import { lines, playRelease } from "./release.ts";

/** A machine that becomes the cluster by itself. */
let machine: BootstrapMachine;
beforeEach(async () => {
  machine = await BootstrapMachine.create("in-place", "4.21");
  await playRelease(machine);
});
afterEach(async () => {
  await machine.dispose();
});

const PODMAN = "podman run --quiet --rm --log-driver=k8s-file --net=host --volume /opt/openshift:/assets:z";

it("bootkube.sh stops etcd and makes the config that the machine starts from its disk with", async () => {
  await machine.write("/var/lib/etcd/member/snap/db", "data");
  await machine.as("crictl", `[[ $1 != ps ]] || { echo >>/asked; [[ $(wc -l </asked) -gt 1 ]] || echo id; }\n`);
  await machine.as("curl", `for argument; do [[ $argument != *.ign ]] || echo '{}' >"$argument"; done\n`);
  const { exitCode } = await machine.run(["/usr/local/bin/bootkube.sh"], { RECORD: "bootkube" });
  expect(exitCode).toBe(0);
  const called = lines(await machine.calls("podman", "curl", "oc")).filter((line) => !line.includes("release info"));
  expect(called.find((line) => line.includes("render-bootcmd-mc"))).toBe(
    `${PODMAN} --volume /etc:/host/etc:O --volume /usr:/host/usr:O --volume /var:/host/var:O --env CLUSTER_NODE_TUNED_BOOTSTRAP_SAFE_ENV=true --entrypoint=/usr/bin/cluster-node-tuning-operator images/cluster-node-tuning-operator render-bootcmd-mc --asset-input-dir=/assets/manifests --asset-output-dir=/assets/cmdbootline-nto-bootstrap --mcp-name=master`,
  );
  const start = called.findIndex((line) => line.includes(" start --tear-down-early"));
  expect(called[start]).toMatch(/--required-pods=$/);
  expect(called[start + 1]).toBe(
    "curl --silent --show-error --fail --header Accept: application/vnd.coreos.ignition+json;version=3.2.0 --output original-master.ign http://localhost:22624/config/master",
  );
  expect(called.at(-1)).toBe(
    `${PODMAN} images/cluster-bootstrap bootstrap-in-place --asset-dir=/assets --input=/assets/bootstrap-in-place/master-update.fcc --output=/assets/master.ign`,
  );
  const stages = (await machine.record("bootkube")).filter((line) => line.startsWith("stage start")).map((line) => line.split(" ").at(-1));
  expect(stages.slice(11, 13)).toEqual(["cmdbootline-nto-bootstrap", "mco-bootstrap"]);
  expect(stages.slice(-3)).toEqual(["cb-bootstrap", "stop-etcd", "master-ignition"]);
  await expect(machine.read("/etc/kubernetes/manifests/etcd-member-pod.yaml")).rejects.toThrow("ENOENT");
  // All that master-update.fcc takes.
  const { storage } = parse(await machine.read("/opt/openshift/bootstrap-in-place/master-update.fcc")) as {
    storage: { trees: { local: string }[]; files: { contents: { local: string } }[] };
  };
  for (const local of [
    "original-master.ign",
    "etcd-data/member/snap/db",
    "kubernetes/bootstrap-configs/original_cvo_overrides.patch",
    "tls/kubeconfig",
  ])
    expect(await machine.read(`/opt/openshift/${local}`), local).not.toBe("");
  expect(storage.trees.map(({ local }) => local.replace(/\/$/, ""))).toContain("etcd-data");
});

it("does not wait for etcd that it has stopped", async () => {
  await machine.as("curl", `for argument; do [[ $argument != *.ign ]] || echo '{}' >"$argument"; done\n`);
  await machine.write("/var/lib/etcd/member/snap/db", "data");
  await machine.write("/fails", "bootstrap-in-place --asset-dir");
  expect((await machine.run(["/usr/local/bin/bootkube.sh"], { RECORD: "bootkube" })).exitCode).toBe(7);
  await machine.remove("/fails");
  await machine.calls();
  expect((await machine.run(["/usr/local/bin/bootkube.sh"], { RECORD: "bootkube" })).exitCode).toBe(0);
  expect(lines(await machine.calls("podman")).filter((line) => line.includes("endpoint health"))).toEqual([]);
});

it("install-to-disk.sh writes the disk once the control plane is done, and restarts a minute later", async () => {
  await machine.as("sleep", "touch /opt/openshift/.bootkube.done\n");
  expect((await machine.run(["/usr/local/bin/install-to-disk.sh"], { RECORD: "install-to-disk" })).exitCode).toBe(0);
  const calls = (await machine.calls("coreos-installer", "shutdown")).map((call) => call.slice(0, 6).join(" "));
  expect(calls).toEqual(["coreos-installer install -n -i /opt/openshift/master.ign /dev/vda", expect.stringMatching(/^shutdown --reboot \+1 /)]);
  expect((await machine.record("install-to-disk")).filter((line) => line.startsWith("stage start"))).toEqual([
    "stage start wait-for-bootkube",
    "stage start coreos-installer",
    "stage start reboot",
  ]);
});

it("goes on after the restart until the cluster is available, and cleans up", async () => {
  await machine.write("/etc/kubernetes/manifests/kube-apiserver-pod.yaml", "name: bootstrap-kube-apiserver\n");
  await machine.write("/etc/kubernetes/bootstrap-configs/original_cvo_overrides.patch", "{}");
  await machine.as("systemctl", "echo 'name: kube-apiserver' >/etc/kubernetes/manifests/kube-apiserver-pod.yaml\n");
  await machine.as(
    "oc",
    `case "$*" in
      "get csr"*) echo '{"items": [{"metadata": {"name": "node"}}]}' ;;
      "get nodes"*) echo '{"items": [{"status": {"conditions": [{"type": "Ready", "status": "True"}]}}]}' ;;
      "get clusterversion"*) echo '{"status": {"conditions": [{"type": "Available", "status": "True"}]}}' ;;
    esac\n`,
  );
  expect((await machine.run(["/bin/bash", "/opt/openshift/bootstrap-in-place/bootstrap-in-place-post-reboot.sh"])).exitCode).toBe(0);
  expect((await machine.calls("oc", "systemctl")).map((call) => call.join(" "))).toEqual([
    "oc get --raw=/readyz",
    "oc apply --filename=-",
    ...["lease", "configmap"].flatMap((kind) => [
      `oc --namespace=openshift-cluster-version delete ${kind} version --ignore-not-found`,
      `oc --namespace=openshift-kube-controller-manager delete ${kind} cluster-policy-controller-lock --ignore-not-found`,
    ]),
    "oc patch clusterversion version --type=merge --patch-file=/etc/kubernetes/bootstrap-configs/original_cvo_overrides.patch",
    "oc get csr --output=json",
    "oc adm certificate approve node",
    "oc get nodes --output=json",
    "systemctl restart kubelet.service",
    "oc get clusterversion version --output=json",
  ]);
  for (const gone of [
    "/etc/kubernetes/bootstrap-configs/original_cvo_overrides.patch",
    "/usr/local/bin/installer-gather.sh",
    "/opt/openshift/tls/root-ca.crt",
  ])
    await expect(machine.read(gone)).rejects.toThrow("ENOENT");
});

it.each(["4.19", "4.21"] as const)("closes the folder of etcd's data on %s", async (version) => {
  const files = await bootstrapFilesOf("in-place", version);
  const text = files.get("/opt/openshift/bootstrap-in-place/master-update.fcc")?.text ?? "";
  expect(text).toContain("  directories:\n    - path: /var/lib/etcd/member\n      mode: 0700\n");
});
