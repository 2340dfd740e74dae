import { type FileInput, type IgnitionBuilder } from "../ignition/index.ts";
import { renderTemplate } from "../templates.ts";
import type { OpenShiftContext } from "./context.ts";
import { bootstrapScript, type BootstrapMachine } from "./bootstrap-scripts.ts";
import { fipsMachineConfig, imageRegistries, proxyEnvironment, proxyProfile } from "./bootstrap-settings.ts";

const BIN = "/usr/local/bin";
const UNITS = "/etc/systemd/system";

/** A file of the bootstrap machine whose text is not an asset by itself. */
interface BootstrapFile {
  readonly path: string;
  readonly contents: (context: BootstrapMachine) => string;
  /** Absent: always. */
  readonly when?: (context: OpenShiftContext) => boolean;
}

const fromTemplate =
  (name: string, values: Readonly<Record<string, string>> = {}): BootstrapFile["contents"] =>
  ({ templates }) =>
    renderTemplate(templates, `openshift/files/${name}`, values);

/** The programs of the bootstrap machine. */
const SCRIPTS = [
  "approve-csr.sh",
  "bootkube.sh",
  "bootstrap-cluster-gather.sh",
  "bootstrap-service-record.sh",
  "bootstrap-verify-api-server-urls.sh",
  "crio-configure.sh",
  "installer-gather.sh",
  "installer-masters-gather.sh",
  "kubelet.sh",
  "kubelet-pause-image.sh",
  "node-image-overlay.sh",
  "node-image-pull.sh",
  "release-image.sh",
  "release-image-download.sh",
  "report-progress.sh",
  "wait-for-ha-api.sh",
] as const;
const KONNECTIVITY_SCRIPTS = ["konnectivity.sh", "konnectivity-certs.sh"] as const;
const KONNECTIVITY_FILES = [
  "egress-selector-config",
  "konnectivity-agent-certs-secret",
  "konnectivity-agent-daemonset",
  "konnectivity-config-override",
  "konnectivity-namespace",
  "konnectivity-server-pod",
] as const;
const IN_PLACE_SCRIPTS = ["bootstrap-in-place.sh", "install-to-disk.sh"] as const;
const POST_REBOOT_SCRIPT = "bootstrap-in-place-post-reboot.sh";

const script = (name: string): BootstrapFile => ({ path: `${BIN}/${name}`, contents: (context) => bootstrapScript(context, name) });

/** `/var/ostreecontainer` of `var-ostreecontainer.mount`, by systemd's rules for such names. */
const mountPoint = (unit: string): string =>
  `/${unit
    .replace(/\.mount$/, "")
    .replaceAll("-", "/")
    .replaceAll(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))}`;

const hasKonnectivity = ({ contract }: OpenShiftContext): boolean => contract.konnectivity;

/** Source of paths: openshift/installer, data/data/bootstrap, by description. */
const FILES: readonly BootstrapFile[] = [
  { path: "/etc/containers/registries.conf", contents: imageRegistries },
  { path: "/etc/ignition-machine-config-encapsulated.json", contents: fipsMachineConfig },
  { path: "/etc/pki/ca-trust/source/anchors/ca.crt", contents: ({ spec }) => spec.additionalTrustBundle ?? "" },
  { path: "/etc/profile.d/proxy.sh", contents: proxyProfile },
  { path: "/etc/systemd/system.conf.d/10-default-env.conf", contents: proxyEnvironment },
  { path: "/root/.docker/config.json", contents: ({ spec }) => spec.pullSecret ?? "" },
  { path: "/etc/systemd/system-generators/node-image-overlay-generator", contents: fromTemplate("node-image-overlay-generator") },
  {
    path: `${UNITS}/node-image-pull.service`,
    contents: (context) => fromTemplate("node-image-pull.service", { mount: context.contract.ostreeMount })(context),
  },
  ...["node-image-overlay.service", "node-image-finish.service", "node-image-overlay.target"].map((name) => ({
    path: `${UNITS}/${name}`,
    contents: fromTemplate(name),
  })),
  ...SCRIPTS.map(script),
  ...KONNECTIVITY_SCRIPTS.map((name) => ({ ...script(name), when: hasKonnectivity })),
];

/** The files that every bootstrap machine of the version has, and what is added to a file of the image. */
export function bootstrapFiles(context: BootstrapMachine, builder: IgnitionBuilder): IgnitionBuilder {
  const { contract, templates } = context;
  const mount = contract.ostreeMount;
  const files = FILES.filter(({ when }) => when?.(context) ?? true).map(({ path, contents }) => rootFile(path, contents(context), modeOf(path)));
  const konnectivity = contract.konnectivity
    ? KONNECTIVITY_FILES.map((name) =>
        rootFile(`/opt/openshift/${name}.yaml`, renderTemplate(templates, `openshift/konnectivity/${name}.yaml`), 0o600),
      )
    : [];
  const mounted = rootFile(`${UNITS}/${mount}`, renderTemplate(templates, "openshift/files/ostree.mount", { where: mountPoint(mount) }), 0o600);
  return builder
    .file(...files, ...konnectivity, mounted)
    .append("/etc/motd", renderTemplate(templates, "openshift/files/motd"), 0o644, { user: ROOT, overwrite: false, compress: false });
}

/** What a machine has beside these that becomes the cluster by itself. */
export function inPlaceFiles(context: BootstrapMachine, builder: IgnitionBuilder): IgnitionBuilder {
  const folder = "/opt/openshift/bootstrap-in-place";
  return builder.file(
    ...IN_PLACE_SCRIPTS.map((name) => rootFile(`${BIN}/${name}`, bootstrapScript(context, name), 0o555)),
    rootFile(`${folder}/${POST_REBOOT_SCRIPT}`, bootstrapScript(context, POST_REBOOT_SCRIPT), 0o600),
    rootFile(`${folder}/master-update.fcc`, renderTemplate(context.templates, "openshift/files/master-update.fcc"), 0o600),
  );
}

const ROOT = { name: "root" } as const;

/** As OpenShift's installer writes a file: root's, in place of one of the image, and never compressed. */
export const rootFile = (path: string, contents: string, mode: number): FileInput => ({ path, contents, mode, user: ROOT, compress: false });

/** By where a file lies. Others are readable by root alone: whether there is a secret in them is not looked at. */
export function modeOf(path: string): number {
  if (/\/(?:bin|dispatcher\.d|system-generators)\/[^/]+$/.test(path)) return 0o555;
  return path.endsWith("/registries.conf") ? 0o644 : 0o600;
}
