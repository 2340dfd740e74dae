import { afterEach, describe, expect, it } from "vitest";
import { BootstrapMachine } from "../../../helpers/bootstrap-machine.ts";
import { run } from "../../../../src/exec/index.ts";
import { components, lines, playRelease, RELEASE } from "./release.ts";

/** The rest of the bootstrap machine: its operating system, the tunnel of the API server, and what it keeps of a failure. */
let machine: BootstrapMachine;
afterEach(async () => {
  await machine.dispose();
});
const start = async (scenario: string, version: string): Promise<void> => {
  machine = await BootstrapMachine.create(scenario, version);
  await playRelease(machine);
};
const called = async (...programs: readonly string[]): Promise<readonly string[]> => (await machine.calls(...programs)).map((call) => call.join(" "));

describe("node-image-pull.sh", () => {
  const OSTREE = `
    case "$*" in
      "rev-parse"*) [[ -e /named ]] ;;
      "refs"*"--list"*) cat /images 2>/dev/null ;;
      "refs"*"--create"*) touch /named ;;
      "container image pull"*) echo ostree/container/image/new >>/images ;;
      "show"*) echo "'new'" ;;
      "init"*) mkdir -p "\${2#--repo=}" ;;
    esac\n`;
  const play = async (booted: string): Promise<void> => {
    await machine.as("ostree", OSTREE);
    await machine.as("rpm-ostree", `echo '{"deployments": [{"version": "${booted}"}]}'\n`);
    await machine.write("/images", "ostree/container/image/booted\n");
  };
  const pulled = (repository: string) =>
    `ostree container image pull --authfile=/root/.docker/config.json ${repository} ostree-unverified-image:docker://images/rhel-coreos`;

  it("unpacks the release's image, and pulls it once", async () => {
    await start("none", "4.21");
    await play("old");
    expect((await machine.run(["/usr/local/bin/node-image-pull.sh"])).exitCode).toBe(0);
    const calls = await machine.calls("podman", "ostree");
    expect(components(calls)).toEqual(["rhel-coreos"]);
    const ostree = lines(calls).filter((line) => line.startsWith("ostree"));
    expect(ostree).toContain(pulled("/ostree/repo"));
    expect(ostree).toContain("ostree refs --repo=/ostree/repo --create=coreos/node-image ostree/container/image/new");
    expect(ostree.at(-1)).toBe("ostree checkout --repo=/ostree/repo --union coreos/node-image /ostree/repo/tmp/node-image");
    expect((await machine.run(["/bin/readlink", "/run/node-image"])).stdout).toBe("/ostree/repo/tmp/node-image");
    expect((await machine.run(["/usr/local/bin/node-image-pull.sh"])).exitCode).toBe(0);
    expect((await called("ostree")).filter((line) => line.includes("pull"))).toEqual([]);
  });

  it("leaves the machine as it is where that has booted, and node-image-overlay.sh too", async () => {
    await start("none", "4.21");
    await play("new");
    for (const name of ["node-image-pull.sh", "node-image-overlay.sh"]) expect((await machine.run([`/usr/local/bin/${name}`])).exitCode).toBe(0);
    expect((await called()).filter((line) => /checkout|^mount|^rsync/.test(line))).toEqual([]);
  });

  it.each([
    ["4.19", "/var/ostree-container"],
    ["4.20", "/var/ostree-container"],
    ["4.21", "/var/ostreecontainer"],
  ])("has a repository in memory on %s where the machine runs from there", async (version, folder) => {
    await start("none", version);
    await play("old");
    await machine.write("/run/ostree-live", "");
    expect((await machine.run(["/usr/local/bin/node-image-pull.sh"])).exitCode).toBe(0);
    const ostree = await called("ostree");
    expect(ostree).toContain(`ostree config --repo=${folder}/repo set core.parent /ostree/repo`);
    expect(ostree).toContain(pulled(`${folder}/repo`));
  });

  it("asks a program of the release for the image of the stream from 4.22 on", async () => {
    await start("none", "5.0");
    await play("old");
    const program = `#!/bin/bash\\nprintf "%s " "$@" >/asked\\necho images/rhel-coreos\\n`;
    await machine.write("/program", program.replaceAll("\\n", "\n"), 0o755);
    await machine.as(
      "podman",
      `case "$1" in image) [[ $2 == exists ]] || echo '[{"RepoDigests": ["${RELEASE}"]}]' ;; create) echo id ;; cp) cp /program "$3/machine-config-osimagestream" ;; run) echo "images/\${!#}" ;; esac\n`,
    );
    expect((await machine.run(["/usr/local/bin/node-image-pull.sh"])).exitCode).toBe(0);
    expect(await machine.read("/asked")).toBe(
      `get os-image-pullspec --release-image=${RELEASE} --authfile=/root/.docker/config.json --per-host-certs=/etc/containers/certs.d --osimagestream-name=rhel-10 --registry-config=/etc/containers/registries.conf `,
    );
    const calls = await machine.calls("podman", "ostree");
    expect(components(calls)).toEqual(["machine-config-operator"]);
    expect(calls.map((call) => call.join(" "))).toContain(pulled("/ostree/repo"));
  });
});

describe("node-image-overlay.sh", () => {
  it.each([
    ["4.21", ""],
    ["5.0", " --exclude=/crypto-policies"],
  ])("puts the unpacked system of %s over the booted one", async (version, excluded) => {
    await start("none", version);
    await machine.write("/ostree/repo/tmp/node-image/usr/bin/new", "");
    await machine.run(["/bin/ln", "--symbolic", "/ostree/repo/tmp/node-image", "/run/node-image"]);
    expect((await machine.run(["/usr/local/bin/node-image-overlay.sh"])).exitCode).toBe(0);
    const new_ = "/ostree/repo/tmp/node-image/usr";
    expect(await called("mount", "rsync", "load_policy", "systemctl")).toEqual([
      `mount --rbind /usr/lib/modules ${new_}/lib/modules`,
      `mount --rbind --options ro ${new_} /usr`,
      `rsync --archive --ignore-existing --exclude=/selinux${excluded} ${new_}/etc/ /etc/`,
      `rsync --archive ${new_}/etc/selinux/ /etc/selinux/`,
      "load_policy",
      "systemctl daemon-reload",
    ]);
  });
});

describe("konnectivity", () => {
  const ROUTE = `echo '[{"prefsrc": "192.0.2.10"}]'\n`;
  const bootkube = () => machine.run(["/usr/local/bin/bootkube.sh"], { RECORD: "bootkube" });
  const stages = async (): Promise<readonly string[]> =>
    (await machine.record("bootkube")).flatMap((line) => /^stage start (.+)$/.exec(line)?.[1] ?? []);

  it("is set up before the API server, has its agents before the cluster, and is gone at the end", async () => {
    await start("preview", "5.0");
    await machine.as("ip", ROUTE);
    expect((await bootkube()).exitCode).toBe(0);
    const all = await stages();
    const at = (stage: string): number => all.indexOf(stage);
    expect([at("konnectivity-server-bootstrap"), at("kube-apiserver-bootstrap")]).toEqual([
      at("konnectivity-certs") + 1,
      at("konnectivity-certs") + 2,
    ]);
    expect(at("konnectivity-agent-manifest")).toBe(at("wait-for-etcd") + 1);
    expect(all.at(-1)).toBe("konnectivity-cleanup");
    const calls = await machine.calls("podman", "oc");
    expect(components(calls)).toContain("apiserver-network-proxy");
    expect(lines(calls).find((line) => line.includes("cluster-kube-apiserver-operator render"))).toContain(
      "--config-override-files=/assets/konnectivity-config-override.yaml",
    );
    expect(lines(calls).at(-1)).toBe(
      "oc --kubeconfig=auth/kubeconfig delete namespace openshift-bootstrap-konnectivity --ignore-not-found --wait=false",
    );
    expect(await machine.read("/opt/openshift/bootstrap-manifests/konnectivity-server-pod.yaml")).toContain(
      "image: images/apiserver-network-proxy\n",
    );
    expect(await machine.read("/opt/openshift/manifests/konnectivity-agent-daemonset.yaml")).toContain("--proxy-server-host=192.0.2.10\n");
    expect(await machine.read("/etc/kubernetes/bootstrap-configs/egress-selector-config.yaml")).toContain("konnectivity-server.socket");
    const secret = await machine.read("/opt/openshift/manifests/konnectivity-agent-certs-secret.yaml");
    expect(secret).not.toContain("${");
    for (const [, text = ""] of secret.matchAll(/(?:crt|key): (\S+)/g)) expect(Buffer.from(text, "base64").toString()).toMatch(/^-----BEGIN /);
  });

  it("has certificates that openssl takes, each for its end", async () => {
    await start("none", "5.0");
    expect((await machine.run(["/usr/local/bin/konnectivity-certs.sh", "/tls", "192.0.2.10"])).exitCode).toBe(0);
    const tls = `${machine.root}/tls/konnectivity`;
    for (const [name, purpose] of [
      ["server", "sslserver"],
      ["agent", "sslclient"],
    ] as const)
      await run("openssl", ["verify", "-CAfile", `${tls}-signer.crt`, "-purpose", purpose, `${tls}-${name}.crt`]);
    await run("openssl", ["verify", "-CAfile", `${tls}-signer.crt`, "-verify_ip", "192.0.2.10", `${tls}-server.crt`]);
  });

  it.each([
    ["none", "5.0"],
    ["preview", "4.21"],
  ])("is not where nothing needs it: %s on %s", async (scenario, version) => {
    await start(scenario, version);
    expect((await bootkube()).exitCode).toBe(0);
    expect((await stages()).filter((stage) => stage.startsWith("konnectivity"))).toEqual([]);
  });
});

describe("installer-gather.sh", () => {
  it("packs what machine, API and control plane know, and no secret", async () => {
    await start("everything", "4.21");
    await machine.as(
      "oc",
      `case "$*" in *openapi*) head --bytes=99 /dev/urandom | base64 ;;
        *machineconfigs*) echo '{"items": [{"path": "/var/lib/kubelet/config.json", "contents": {"source": "data:,planted"}}]}' ;;
        *) echo '{"items": [{"status": {"addresses": [{"type": "InternalIP", "address": "192.0.2.21"}]}}]}' ;;
      esac\n`,
    );
    await machine.as(
      "crictl",
      `case "$*" in ps*) echo '{"containers": [{"id": "c1", "metadata": {"name": "etcd"}}]}' ;; inspect*) echo '{"info": {"runtimeSpec": {"process": {"env": ["HTTPS_PROXY=planted"]}}}}' ;; *) echo log ;; esac\n`,
    );
    await machine.as(
      "podman",
      `case "$1" in ps) echo '[{"Id": "p1", "Names": ["render"]}]' ;; inspect) echo '[{"Config": {"Env": ["HTTPS_PROXY=planted"]}}]' ;; esac\n`,
    );
    await machine.as(
      "scp",
      `case "\${!#}" in */) mkdir -p /tmp/m/masters; echo log >/tmp/m/masters/kubelet.log; tar czf "\${!#}/masters-one.tar.gz" -C /tmp/m masters ;; esac\n`,
    );
    await machine.as("systemctl", `case "$1" in list-units) echo "bootkube.service loaded failed failed" ;; esac\n`);
    await machine.write("/var/log/openshift/bootkube.json", "[]");
    await machine.write("/opt/openshift/tls/konnectivity-agent.json", '{"key": "-----BEGIN PRIVATE KEY-----"}');
    const { exitCode, stdout } = await machine.run(["/usr/local/bin/installer-gather.sh", "--id", "one"], { HOME: "/root" });
    expect([exitCode, stdout.trimEnd().split("\n").at(-1)]).toEqual([0, "the bundle is /root/log-bundle-one.tar.gz"]);
    await machine.run(["/bin/tar", "--extract", "--gzip", "--file", "/root/log-bundle-one.tar.gz", "--directory", "/tmp"]);
    const { stdout: found } = await run("find", [`${machine.root}/tmp/log-bundle-one`, "-type", "f", "-printf", "%P\n"]);
    const files = found.trimEnd().split("\n");
    for (const path of [
      ...[
        "gather.log",
        "failed-units.txt",
        "unit-status/bootkube.service.txt",
        "unit-status/bootkube.service.log",
        "bootstrap/services/bootkube.json",
      ],
      ...["bootstrap/journals/bootkube.log", "bootstrap/journals/journal.log.gz", "bootstrap/network/ip-addr.txt", "bootstrap/network/netstat.txt"],
      ...[
        "bootstrap/containers/etcd-c1.log",
        "bootstrap/containers/etcd-c1.inspect",
        "bootstrap/pods/render-p1.inspect",
        "bootstrap/rpm-ostree/status.txt",
      ],
      ...[
        "rendered-assets/openshift/manifests/cluster-config.yaml",
        "resources/openapi.json.gz",
        "resources/machineconfigs.json",
        "resources/masters.list",
      ],
      "control-plane/192.0.2.21/kubelet.log",
    ])
      expect(files).toContain(path);
    expect(files.filter((path) => /\.key$|\/auth\/|secret/.test(path))).toEqual([]);
    for (const text of ["planted", "PRIVATE KEY", "cGxhbnRlZ", "kind: Secret"])
      expect((await run("grep", ["-rlF", text, `${machine.root}/tmp/log-bundle-one`], { accept: [1] })).stdout, text).toBe("");
    await machine.run(["/usr/bin/env", "--chdir=/root", "/usr/local/bin/installer-masters-gather.sh", "--id", "one"]);
    expect((await machine.run(["/bin/tar", "--list", "--gzip", "--file", "/root/masters-one.tar.gz"])).stdout).toContain(
      "masters/journals/kubelet.log\n",
    );
  });

  it("takes no name that leads elsewhere", async () => {
    await start("none", "4.21");
    for (const name of ["installer-gather.sh", "installer-masters-gather.sh"])
      expect((await machine.run([`/usr/local/bin/${name}`, "--id", "../x"])).exitCode).toBe(2);
  });

  it("leaves out what a dead API would have said", async () => {
    await start("none", "4.21");
    await machine.as("oc", "exit 1\n");
    expect((await machine.run(["/usr/local/bin/installer-gather.sh", "--id", "two", "--output", "/tmp/two.tar.gz"])).exitCode).toBe(0);
    expect((await machine.run(["/bin/tar", "--list", "--gzip", "--file", "/tmp/two.tar.gz"])).stdout).not.toContain("resources");
  });
});
