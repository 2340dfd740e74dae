import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BootstrapMachine } from "../../../helpers/bootstrap-machine.ts";
import { components, playRelease, RELEASE } from "./release.ts";

/** What the services around bootkube.sh call and record. */
let machine: BootstrapMachine;
beforeEach(async () => {
  machine = await BootstrapMachine.create("none", "4.21");
  await playRelease(machine);
});
afterEach(async () => {
  await machine.dispose();
});

const script = (name: string, record: string, ...args: readonly string[]) => machine.run([`/usr/local/bin/${name}`, ...args], { RECORD: record });
const calls = async (...programs: readonly string[]): Promise<readonly string[]> => (await machine.calls(...programs)).map((call) => call.join(" "));
const PULL = "podman pull --quiet quay.io/openshift-release-dev/ocp-release:4.21.0-x86_64";

/** Goes on with the script after some calls of sleep: what it waits for is there then. */
const afterSleeps = async (count: number, text: string): Promise<void> => {
  await machine.as("sleep", `echo >>/slept\n[[ $(wc -l </slept) -lt ${count} ]] || { ${text}; }\n`);
};

describe("release-image-download.sh", () => {
  it("pulls until it succeeds, each try a stage, and shows on the console that it does not", async () => {
    await machine.as(
      "podman",
      `case "$1" in pull) echo >>/pulls; cat /etc/issue.d/* >>/shown 2>/dev/null; [[ $(wc -l </pulls) == 3 ]] ;; *) echo '[{"Architecture": "amd64"}]' ;; esac\n`,
    );
    expect((await script("release-image-download.sh", "release-image")).exitCode).toBe(0);
    expect(await calls("podman")).toEqual([PULL, PULL, PULL, "podman image inspect quay.io/openshift-release-dev/ocp-release:4.21.0-x86_64"]);
    const tries = ["failure", "failure", "success"].flatMap((result) => ["stage start pull-release-image", `stage end pull-release-image ${result}`]);
    const checked = ["stage start image-metadata-arches-match", "stage end image-metadata-arches-match success"];
    expect(await machine.record("release-image")).toEqual(["service start", ...tries, ...checked, "service end success"]);
    expect(await machine.read("/shown")).toContain("\u001B[31mThe release image ");
    await expect(machine.read("/etc/issue.d/70_release-image.issue")).rejects.toThrow("ENOENT");
  });

  it("ends where the image is of another architecture", async () => {
    await machine.as("uname", "echo aarch64\n");
    const { exitCode, stderr } = await script("release-image-download.sh", "release-image");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("the release image is of architecture amd64, and this machine of arm64")]);
    expect((await machine.record("release-image")).slice(-2)).toEqual(["stage end image-metadata-arches-match failure", "service end failure"]);
  });
});

it("crio-configure.sh gives CRI-O the pause image of the release", async () => {
  expect((await script("crio-configure.sh", "crio-configure")).exitCode).toBe(0);
  expect(components(await machine.calls("podman"))).toEqual(["pod"]);
  const text = await machine.read("/etc/crio/crio.conf.d/50-bootstrap-override.conf");
  for (const line of ['pause_image = "images/pod"', 'pause_command = "/usr/bin/pod"', "hooks_dir = ["]) expect(text).toContain(line);
  expect(await machine.record("crio-configure")).toEqual(["service start", "service end success"]);
});

describe("kubelet.sh", () => {
  it("runs the kubelet with the static pods, after a command that finds its pause image", async () => {
    expect((await script("kubelet-pause-image.sh", "kubelet")).exitCode).toBe(0);
    expect(await machine.read("/etc/kubernetes/kubelet-pause-image-override")).toBe("KUBELET_PAUSE_IMAGE=images/pod\n");
    await machine.as("kubelet", "exit 3\n");
    expect((await machine.run(["/usr/local/bin/kubelet.sh"], { RECORD: "kubelet", KUBELET_PAUSE_IMAGE: "images/pod" })).exitCode).toBe(3);
    const [line = ""] = await calls("kubelet");
    expect(line).toContain("--pod-manifest-path=/etc/kubernetes/manifests");
    expect(line).toContain("--pod-infra-container-image=images/pod");
    expect(await machine.record("kubelet")).toEqual(["pre-command start", "pre-command end success", "service start", "service end failure"]);
    const [entry] = JSON.parse(await machine.read("/var/log/openshift/kubelet.json")) as Record<string, string>[];
    expect(entry).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      phase: "pre-command start",
      preCommand: "kubelet-pause-image",
    });
  });

  it("says no pause image to the kubelet of 5.0, which knows no such flag", async () => {
    await machine.dispose();
    machine = await BootstrapMachine.create("none", "5.0");
    expect((await script("kubelet.sh", "kubelet")).exitCode).toBe(0);
    expect((await calls("kubelet")).join()).not.toContain("pause");
  });
});

it("approve-csr.sh approves what nobody has judged, until the bootstrap is done", async () => {
  const requests = {
    items: [
      { metadata: { name: "a" } },
      { metadata: { name: "b" }, status: { conditions: [{ type: "Approved" }] } },
      { metadata: { name: "c" }, status: {} },
    ],
  };
  await machine.as("oc", `[[ $KUBECONFIG == /loopback ]] || exit 9\n[[ $2 != csr ]] || echo '${JSON.stringify(requests)}'\n`);
  await afterSleeps(2, "touch /opt/openshift/.bootkube.done");
  expect((await script("approve-csr.sh", "approve-csr", "/loopback")).exitCode).toBe(0);
  expect(await calls("oc", "sleep")).toEqual(
    Array.from({ length: 2 }, () => ["oc get csr --output=json", "oc adm certificate approve a c", "sleep 20"]).flat(),
  );
  expect(await machine.record("approve-csr")).toEqual(["service start", "service end success"]);
});

describe("report-progress.sh", () => {
  const oc = (topology: string) => `
    case "$2" in
      infrastructures*) echo -n ${topology} ;;
      kubeapiservers*) echo >>/asked; echo '{"status": {"nodeStatuses": [{"currentRevision": 3}, {"currentRevision": '$(($(wc -l </asked) - 1))'}, {}]}}' ;;
      *) cat >/reported; echo >>/reports; [[ $(wc -l </reports) == 2 ]] ;;
    esac\n`;
  const topology = "oc get infrastructures.config.openshift.io cluster --output=jsonpath={.status.controlPlaneTopology}";

  it("waits for two API servers, then reports until that is taken", async () => {
    await machine.as("oc", oc("HighlyAvailable"));
    await afterSleeps(1, "touch /opt/openshift/.bootkube.done");
    expect((await script("report-progress.sh", "progress", "/kubeconfig")).exitCode).toBe(0);
    const asked = "oc get kubeapiservers.operator.openshift.io cluster --output=json";
    expect(await calls("oc")).toEqual([topology, asked, asked, "oc apply --filename=-", "oc apply --filename=-"]);
    expect(await machine.read("/reported")).toMatch(/name: bootstrap\n {2}namespace: kube-system\ndata:\n {2}status: complete\n/);
    const stages = ["wait-for-bootstrap-complete", "report-bootstrap-complete"].flatMap((stage) => [
      `stage start ${stage}`,
      `stage end ${stage} success`,
    ]);
    expect(await machine.record("progress")).toEqual(["service start", ...stages, "service end success"]);
  });

  it.each(["HighlyAvailableArbiter", "DualReplica", "SingleReplica"])("waits for no more than one with %s", async (name) => {
    await machine.as("oc", oc(name));
    await machine.write("/opt/openshift/.bootkube.done", "");
    expect((await script("report-progress.sh", "progress", "/kubeconfig")).exitCode).toBe(0);
    expect(await calls("oc")).toEqual([topology, "oc apply --filename=-", "oc apply --filename=-"]);
  });
});

it("a stage may not begin while another is open", async () => {
  await machine.write(
    "/usr/local/bin/two.sh",
    "#!/bin/bash\nset -e\nsource /usr/local/bin/bootstrap-service-record.sh\nstage_begin one\nstage_begin two\n",
    0o755,
  );
  expect((await script("two.sh", "two")).exitCode).toBe(1);
  expect(await machine.record("two")).toEqual(["service start", "stage start one", "stage end one failure", "service end failure"]);
});

it("names the release by its digest", async () => {
  await machine.write("/usr/local/bin/name.sh", "#!/bin/bash\nsource /usr/local/bin/release-image.sh\nrelease_digest\nimage_of etcd\n", 0o755);
  expect((await script("name.sh", "")).stdout).toBe(`${RELEASE}\nimages/etcd`);
});
