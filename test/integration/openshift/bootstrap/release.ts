import type { BootstrapMachine } from "../../../helpers/bootstrap-machine.ts";

export const RELEASE = "quay.io/openshift-release-dev/ocp-release@sha256:aaaa";
export const KUBERNETES_VERSION = "1.34.1";

/** What release images and their operators do on the machine: name images, and write what bootkube.sh takes of each stage. */
const PODMAN = `
if [[ -e /fails && "$*" == *"$(cat /fails)"* ]]; then exit 7; fi
make() { for file; do mkdir -p "$(dirname "$file")"; echo "$file" >"$file"; done; }
case "$*" in
  "image inspect "*)
    echo '[{"RepoDigests": ["${RELEASE}"], "Architecture": "amd64"}]'
    exit ;;
  *" ${RELEASE} image "*)
    echo "images/\${!#}"
    exit ;;
  *"/release-manifests/image-references")
    echo '{"kind": "ImageStream"}'
    exit ;;
esac
cd /opt/openshift
for argument; do
  case $argument in
    --asset-output-dir=/assets/* | --output-dir=/assets/* | --dest-dir=/assets/*)
      to=\${argument#*=/assets/}
      case $to in
        cvo-bootstrap) make $to/bootstrap/cvo-pod.yaml $to/manifests/0000_cvo.yaml ;;
        etcd-bootstrap)
          make $to/etc-kubernetes/manifests/etcd-member-pod.yaml $to/manifests/etcd-ns.yaml $to/tls/etcd-{ca-bundle,client}.crt $to/tls/etcd-client.key ;;
        kube-controller-manager-bootstrap) make $to/config $to/cpc-config $to/{bootstrap-manifests,manifests}/$to.yaml $to/tls/service-account.pub ;;
        kube-*) make $to/config $to/{bootstrap-manifests,manifests}/$to.yaml ;;
        ingress-operator-bootstrap) make $to/cluster-ingress-00.yaml ;;
        mco-bootstrap)
          make $to/manifests/mco-crd.yaml $to/bootstrap/manifests/machineconfigcontroller-pull-secret $to/bootstrap/machineconfigoperator-bootstrap-pod.yaml \\
            $to/on-prem/manifests/keepalived.yaml $to/on-prem/static-pod-resources/keepalived/conf ;;
        config-bootstrap) make $to/config ;;
        *) make $to/manifests/$to.yaml ;;
      esac ;;
  esac
done
`;

const OC = `
case "$*" in
  "adm release info "*) echo '{"metadata": {"version": "4.21.0"}, "displayVersions": {"kubernetes": {"Version": "${KUBERNETES_VERSION}"}}}' ;;
esac
`;

/** Programs of a machine on which everything goes well, until a test says what \`fails\`. */
export async function playRelease(machine: BootstrapMachine): Promise<void> {
  await machine.as("podman", PODMAN);
  await machine.as("oc", OC);
  await machine.as("dig", "echo 192.0.2.7\n");
  await machine.as("uname", "echo x86_64\n");
  await machine.as("journalctl", "printf 'one\\ntwo\\nthree\\n'\n");
}

/** The calls of podman that ask the release for images, as names of components. */
export const components = (calls: readonly (readonly string[])[]): readonly string[] =>
  calls.flatMap((call) => (call.at(-2) === "image" && call.includes(RELEASE) ? [call.at(-1) ?? ""] : []));

/** All other calls but those that look at the release, each in one line. */
export const lines = (calls: readonly (readonly string[])[]): readonly string[] =>
  calls.filter((call) => call.at(-2) !== "image" && call[2] !== "inspect").map((call) => call.join(" "));
