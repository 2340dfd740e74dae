import { afterEach, describe, expect, it } from "vitest";
import { BootstrapMachine } from "../../../helpers/bootstrap-machine.ts";
import { shareOf } from "../../../helpers/share.ts";
import { components, KUBERNETES_VERSION, lines, playRelease, RELEASE } from "./release.ts";

/** What bootkube.sh calls, against the tables of what the release's operators take. */
let machine: BootstrapMachine;
afterEach(async () => {
  await machine.dispose();
});

const start = async (scenario: string, version: string): Promise<BootstrapMachine> => {
  machine = await BootstrapMachine.create(scenario, version);
  await playRelease(machine);
  return machine;
};
const bootkube = () => machine.run(["/usr/local/bin/bootkube.sh"], { RECORD: "bootkube" });

const INFRASTRUCTURE = "/assets/manifests/cluster-infrastructure-02-config.yml";
const NETWORK = "/assets/manifests/cluster-network-02-config.yml";
const PODS = [
  "openshift-kube-apiserver/kube-apiserver",
  "openshift-kube-scheduler/openshift-kube-scheduler",
  "openshift-kube-controller-manager/kube-controller-manager",
  "openshift-cluster-version/cluster-version-operator",
].join(",");

interface Shape {
  readonly log?: string;
  readonly cvo?: string;
  readonly etcd?: string;
}

/** A stage, and the call that it makes: the image, its arguments, and what podman is given for it. */
function stages({ log = "", cvo = "", etcd = "" }: Shape): readonly (readonly [stage: string, ...calls: string[]])[] {
  const podman = `podman run --quiet --rm ${log}--net=host --volume /opt/openshift:/assets:z`;
  const render = (component: string, flags: readonly string[], entrypoint = `--entrypoint=/usr/bin/${component} `) =>
    `${podman} ${entrypoint}images/${component} render ${flags.join(" ")}`;
  const to = (stage: string) => `--asset-output-dir=/assets/${stage}`;
  const common = (stage: string) => [
    to(stage),
    "--rendered-manifest-dir=/assets/manifests",
    "--cluster-profile=self-managed-high-availability",
    "--payload-version=4.21.0",
  ];
  const manifests = "--rendered-manifest-files=/assets/manifests";
  const version = "--payload-version=4.21.0";
  const operand = (stage: string) => ["--asset-input-dir=/assets/tls", to(stage), `--config-output-file=/assets/${stage}/config`];
  return [
    ["openshift-manifests"],
    ["api-bootstrap", `${podman} images/cluster-config-api /usr/bin/render ${common("api-bootstrap").join(" ")}`],
    ["auth-api-bootstrap", render("cluster-authentication-operator", common("auth-api-bootstrap"), "")],
    [
      "config-bootstrap",
      render("cluster-config-operator", [
        "--skip-api-rendering",
        `--cluster-infrastructure-input-file=${INFRASTRUCTURE}`,
        "--cloud-provider-config-output-file=/assets/config-bootstrap/cloud-provider-config-generated.yaml",
        "--config-output-file=/assets/config-bootstrap/config",
        "--asset-input-dir=/assets/tls",
        to("config-bootstrap"),
        manifests,
        version,
      ]),
    ],
    [
      "cvo-bootstrap",
      `${podman} ${RELEASE} render --output-dir=/assets/cvo-bootstrap --release-image=${RELEASE} --feature-gate-manifest-path=/assets/manifests/99_feature-gate.yaml${cvo}`,
    ],
    [
      "etcd-bootstrap",
      render("cluster-etcd-operator", [
        to("etcd-bootstrap"),
        "--cluster-configmap-file=/assets/manifests/cluster-config.yaml",
        "--etcd-image=images/etcd",
        `--infra-config-file=${INFRASTRUCTURE}`,
        `--network-config-file=${NETWORK}${etcd}`,
      ]),
    ],
    [
      "kube-apiserver-bootstrap",
      render("cluster-kube-apiserver-operator", [
        "--manifest-etcd-serving-ca=etcd-ca-bundle.crt",
        "--manifest-etcd-server-urls=https://localhost:2379",
        "--manifest-image=images/hyperkube",
        "--manifest-operator-image=images/cluster-kube-apiserver-operator",
        ...operand("kube-apiserver-bootstrap"),
        `--cluster-config-file=${NETWORK}`,
        `--infra-config-file=${INFRASTRUCTURE}`,
        manifests,
        version,
        `--operand-kubernetes-version=${KUBERNETES_VERSION}`,
      ]),
    ],
    [
      "kube-controller-manager-bootstrap",
      render("cluster-kube-controller-manager-operator", [
        "--cluster-policy-controller-image=images/cluster-policy-controller",
        "--manifest-image=images/hyperkube",
        ...operand("kube-controller-manager-bootstrap"),
        "--cpc-config-output-file=/assets/kube-controller-manager-bootstrap/cpc-config",
        `--cluster-config-file=${NETWORK}`,
        manifests,
        version,
      ]),
    ],
    [
      "kube-scheduler-bootstrap",
      render("cluster-kube-scheduler-operator", ["--manifest-image=images/hyperkube", ...operand("kube-scheduler-bootstrap"), manifests, version]),
    ],
    [
      "ingress-operator-bootstrap",
      render("cluster-ingress-operator", ["--prefix=cluster-ingress-", "--output-dir=/assets/ingress-operator-bootstrap"], ""),
    ],
    ["node-tuning-bootstrap", render("cluster-node-tuning-operator", ["--asset-input-dir=/assets/manifests", to("node-tuning-bootstrap")])],
    [
      "mco-bootstrap",
      `podman run --quiet --rm ${log}--net=none --entrypoint=cat ${RELEASE} /release-manifests/image-references`,
      [
        `${podman} --user=0 images/machine-config-operator bootstrap --root-ca=/assets/tls/root-ca.crt`,
        "--kube-ca=/assets/tls/kube-apiserver-complete-client-ca-bundle.crt --config-file=/assets/manifests/cluster-config.yaml",
        "--dest-dir=/assets/mco-bootstrap --pull-secret=/assets/manifests/openshift-config-secret-pull-secret.yaml",
        `--release-image=${RELEASE} --image-references=/assets/release-manifests/image-references ${version}`,
      ].join(" "),
    ],
    ["resolve-api-url", "dig +short api.demo.example.com A", "dig +short api.demo.example.com AAAA"],
    ["resolve-api-int-url", "dig +short api-int.demo.example.com A", "dig +short api-int.demo.example.com AAAA"],
    [
      "cco-bootstrap",
      `${podman} --user=0 images/cloud-credential-operator render --dest-dir=/assets/cco-bootstrap --manifests-dir=/assets/manifests --cloud-credential-operator-image=images/cloud-credential-operator`,
    ],
    [
      "wait-for-etcd",
      [
        `${podman} --env ETCDCTL_API=3 --entrypoint=etcdctl images/etcd --dial-timeout=10m --cacert=/assets/tls/etcd-ca-bundle.crt`,
        "--cert=/assets/tls/etcd-client.crt --key=/assets/tls/etcd-client.key --endpoints=https://localhost:2379 endpoint health",
      ].join(" "),
    ],
    [
      "cb-bootstrap",
      `${podman} --volume /etc/kubernetes:/etc/kubernetes:z images/cluster-bootstrap start --tear-down-early=false --asset-dir=/assets --required-pods=${PODS}`,
    ],
    ["cvo-overrides", "oc --kubeconfig=auth/kubeconfig patch clusterversion version --type=merge --patch-file=original_cvo_overrides.patch"],
    [
      "wait-for-ceo",
      `${podman} --entrypoint=/usr/bin/cluster-etcd-operator images/cluster-etcd-operator wait-for-ceo --kubeconfig=/assets/auth/kubeconfig`,
    ],
    ["check-api-url", "curl --silent --show-error --fail --insecure --max-time 10 --output /dev/null https://api.demo.example.com:6443/readyz"],
    [
      "check-api-int-url",
      "curl --silent --show-error --fail --insecure --max-time 10 --output /dev/null https://api-int.demo.example.com:6443/readyz",
    ],
  ];
}

/** Stages whose marker has another name, or none: these are gone through in each run. */
const MARKERS: Readonly<Record<string, string | undefined>> = {
  "resolve-api-url": "api-dns-resolved.done",
  "resolve-api-int-url": "api-int-dns-resolved.done",
  "check-api-url": "api-dns-check.done",
  "check-api-int-url": "api-int-dns-check.done",
  "wait-for-etcd": undefined,
  "wait-for-ceo": undefined,
};
const markerOf = (stage: string): string | undefined => (stage in MARKERS ? MARKERS[stage] : `${stage}.done`);
const INFO = `oc adm release info --registry-config=/root/.docker/config.json --output=json ${RELEASE}`;

const SHAPES = [
  ["4.19", {}],
  ["4.21", { log: "--log-driver=k8s-file " }],
  [
    "5.0",
    {
      log: "--log-driver=k8s-file ",
      cvo: " --cluster-version-manifest-path=/assets/manifests/cvo-overrides.yaml",
      etcd: " --rendered-manifest-files=/assets/manifests --payload-version=4.21.0",
    },
  ],
] as const;

describe.each(shareOf(SHAPES, 0, 2))("bootkube.sh of %s", (version, shape) => {
  it("goes through all stages, with the flags that operators take", async () => {
    await start("none", version);
    const { exitCode, stderr } = await bootkube();
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    const calls = await machine.calls("podman", "oc", "dig", "curl");
    expect(lines(calls)).toEqual([INFO, ...stages(shape).flatMap(([, ...made]) => made)]);
    expect(await machine.record("bootkube")).toEqual([
      "service start",
      ...stages(shape).flatMap(([stage]) => [`stage start ${stage}`, `stage end ${stage} success`]),
      "service end success",
    ]);
    for (const [stage] of stages(shape)) {
      const marker = markerOf(stage);
      if (marker !== undefined) await machine.read(`/opt/openshift/${marker}`);
    }
    await machine.read("/opt/openshift/.bootkube.done");
  });
});

it("asks the release for the images of its components, and for no others", async () => {
  await start("none", "4.21");
  await bootkube();
  const asked = components(await machine.calls("podman"));
  expect([...new Set(asked)].toSorted()).toEqual(
    [
      ...[
        "machine-config-operator",
        "etcd",
        "cluster-etcd-operator",
        "cluster-config-api",
        "cluster-config-operator",
        "cluster-kube-apiserver-operator",
      ],
      ...["cluster-kube-controller-manager-operator", "cluster-kube-scheduler-operator", "cluster-ingress-operator", "cluster-node-tuning-operator"],
      ...["cluster-authentication-operator", "cloud-credential-operator", "hyperkube", "cluster-policy-controller", "cluster-bootstrap"],
    ].toSorted(),
  );
});

it("puts what is rendered where the control plane reads it", async () => {
  await start("none", "4.21");
  await bootkube();
  const placed = {
    "/etc/kubernetes/kubeconfig": await machine.read("/opt/openshift/auth/kubeconfig-loopback"),
    "/etc/kubernetes/manifests/etcd-member-pod.yaml": "etcd-bootstrap/etc-kubernetes/manifests/etcd-member-pod.yaml\n",
    "/etc/kubernetes/bootstrap-configs/kube-apiserver-config.yaml": "kube-apiserver-bootstrap/config\n",
    "/etc/kubernetes/bootstrap-configs/kube-controller-manager-config.yaml": "kube-controller-manager-bootstrap/config\n",
    "/etc/kubernetes/bootstrap-configs/cluster-policy-controller-config.yaml": "kube-controller-manager-bootstrap/cpc-config\n",
    "/etc/kubernetes/bootstrap-configs/kube-scheduler-config.yaml": "kube-scheduler-bootstrap/config\n",
    "/opt/openshift/tls/etcd-client.key": "etcd-bootstrap/tls/etcd-client.key\n",
    "/opt/openshift/tls/service-account.pub": "kube-controller-manager-bootstrap/tls/service-account.pub\n",
    "/opt/openshift/bootstrap-manifests/cvo-pod.yaml": "cvo-bootstrap/bootstrap/cvo-pod.yaml\n",
    "/opt/openshift/manifests/cluster-ingress-00.yaml": "ingress-operator-bootstrap/cluster-ingress-00.yaml\n",
    "/opt/openshift/manifests/99_feature-gate.yaml": await machine.read("/opt/openshift/openshift/99_feature-gate.yaml"),
    "/etc/mcc/bootstrap/machineconfigcontroller-pull-secret": "mco-bootstrap/bootstrap/manifests/machineconfigcontroller-pull-secret\n",
    "/etc/mcc/bootstrap/cluster-infrastructure-02-config.yml": await machine.read(`/opt/openshift${INFRASTRUCTURE.replace("/assets", "")}`),
    "/etc/mcc/bootstrap/image-references": '{"kind": "ImageStream"}\n',
    "/etc/mcs/kubeconfig": await machine.read("/opt/openshift/auth/kubeconfig-kubelet"),
    "/etc/ssl/mcs/tls.crt": await machine.read("/opt/openshift/tls/machine-config-server.crt"),
    "/etc/ssl/mcs/tls.key": await machine.read("/opt/openshift/tls/machine-config-server.key"),
    "/etc/kubernetes/manifests/keepalived.yaml": "mco-bootstrap/on-prem/manifests/keepalived.yaml\n",
    "/etc/kubernetes/static-pod-resources/keepalived/conf": "mco-bootstrap/on-prem/static-pod-resources/keepalived/conf\n",
  };
  for (const [path, text] of Object.entries(placed)) expect(await machine.read(path), path).toBe(text);
  await expect(machine.read("/etc/kubernetes/manifests/machineconfigoperator-bootstrap-pod.yaml")).rejects.toThrow("ENOENT");
});

it.each(shareOf(["api-bootstrap", "etcd-bootstrap", "mco-bootstrap"]))(
  "goes on with %s where that has failed, and does nothing twice",
  async (failing) => {
    await start("none", "4.21");
    await machine.write("/fails", `/assets/${failing}`);
    const table = stages({ log: "--log-driver=k8s-file " });
    const at = table.findIndex(([stage]) => stage === failing);
    expect((await bootkube()).exitCode).toBe(7);
    const record = await machine.record("bootkube");
    expect(record.slice(-3)).toEqual([`stage start ${failing}`, `stage end ${failing} failure`, "service end failure"]);
    const [entry] = (JSON.parse(await machine.read("/var/log/openshift/bootkube.json")) as Record<string, string>[]).slice(-2);
    expect(entry).toMatchObject({
      errorLine: expect.stringMatching(/^\d+ \/usr\/local\/bin\/bootkube\.sh$/) as string,
      errorMessage: "one\ntwo\nthree",
    });
    await machine.calls();

    await machine.remove("/fails");
    expect((await bootkube()).exitCode).toBe(0);
    const calls = await machine.calls("podman", "oc", "dig", "curl");
    expect(lines(calls)).toEqual([INFO, ...table.slice(at).flatMap(([, ...made]) => made)]);
    expect((await machine.record("bootkube")).slice(record.length)).toEqual([
      "service start",
      ...table.slice(at).flatMap(([stage]) => [`stage start ${stage}`, `stage end ${stage} success`]),
      "service end success",
    ]);
  },
);

it("keeps what the API says when cluster-bootstrap fails, and its exit status", async () => {
  await start("none", "4.21");
  await machine.write("/fails", `--required-pods=${PODS}`);
  await machine.as(
    "oc",
    `case "$*" in *"release info"*) echo '{"metadata": {"version": "4.21.0"}, "displayVersions": {"kubernetes": {"Version": "1.34.1"}}}' ;; *) head --bytes=99 /dev/urandom | base64 ;; esac\n`,
  );
  expect((await bootkube()).exitCode).toBe(7);
  expect((await machine.record("bootkube")).at(-1)).toBe("service end failure");
  const asked = (await machine.calls("oc")).filter(([, first = ""]) => first.startsWith("--kubeconfig"));
  expect(
    asked.every(
      ([, kubeconfig, timeout]) => kubeconfig === "--kubeconfig=/opt/openshift/auth/kubeconfig-loopback" && timeout === "--request-timeout=5s",
    ),
  ).toBe(true);
  expect(asked.map((call) => call.slice(3).join(" "))).toContain("get clusteroperators --all-namespaces --output json");
  await machine.read("/opt/openshift/resources/clusteroperators.json");
  expect(await machine.read("/opt/openshift/resources/openapi.json.gz")).not.toBe("");
});

it("goes on without names and answers of the API, and records that", async () => {
  await start("none", "4.21");
  await machine.as("dig", "true\n");
  await machine.as("curl", "exit 7\n");
  expect((await bootkube()).exitCode).toBe(0);
  const record = await machine.record("bootkube");
  for (const stage of ["resolve-api-url", "resolve-api-int-url", "check-api-url", "check-api-int-url"])
    expect(record).toContain(`stage end ${stage} failure`);
  expect(record.at(-1)).toBe("service end success");
});

it("passes on what a cloud, mirrors and the user's authentication need", async () => {
  await start("everything", "4.21");
  await machine.write("/opt/openshift/manifests/cluster-authentication-02-config.yaml", "kind: Authentication\n");
  await machine.write("/opt/openshift/manifests/cloud-provider-config.yaml", "kind: ConfigMap\n");
  expect((await bootkube()).exitCode).toBe(0);
  const text = lines(await machine.calls()).join("\n");
  expect(text).toContain("--registry-config=/root/.docker/config.json --idms-file=manifests/image-digest-mirror-set.yaml --output=json");
  expect(text).toContain("--cloud-provider-config-input-file=/assets/manifests/cloud-provider-config.yaml");
  expect(text).toContain("--cloud-config-file=/assets/config-bootstrap/cloud-provider-config-generated.yaml");
  expect(text).toContain("--cluster-auth-file=/assets/manifests/cluster-authentication-02-config.yaml");
});

it("shows no secret to whoever sees its calls and its words", async () => {
  await start("everything", "4.21");
  const { stdout, stderr } = await bootkube();
  const seen = `${stdout}${stderr}${(await machine.calls()).flat().join("\n")}${await machine.read("/var/log/openshift/bootkube.json")}`;
  const secrets = [...(await machine.read("/root/.docker/config.json")).matchAll(/"auth": *"([^"]+)"/g)].map(([, secret = ""]) => secret);
  expect(secrets.length).toBeGreaterThan(0);
  for (const secret of [...secrets, "PRIVATE KEY"]) expect(seen).not.toContain(secret);
});
