#!/usr/bin/env node
import { readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { parseDocument } from "yaml";
import { $, ProcessOutput } from "zx";
import { InstallerError, isInstallerError } from "../src/errors/index.ts";
import { readTextIfExists, writeFileAtomic } from "../src/util/index.ts";
import { VERIFY_VM, VIRTUALIZATION_PARTS, virtualizationSettings } from "./demo-virtualization.ts";
import { vsphereDemo } from "./demo-vsphere.ts";
import { ALL_PARTS } from "./parts/index.ts";
import { libvirtHost, startLibvirtHost, type LibvirtHost } from "./demo-host/index.ts";
import { DEMO_PARTS } from "../setup/parts/index.ts";
import { setUp } from "../setup/driver.ts";
import { cacheFolder, ROOT } from "../setup/paths.ts";
import { formatTable } from "../setup/table.ts";

const HELP = `Creates a cluster of one control-plane and one compute machine on this host, in a network namespace with its own libvirt.

npm run demo                  creates it, or says that nothing changes
npm run demo -- --destroy     removes it completely
npm run demo -- --virtualization   creates it with KubeVirt in it, and starts, restarts and removes a virtual machine there.
  Building KubeVirt takes ten minutes the first time.

The cluster folder is clusters/demo; the host's own libvirt and networks are not touched.

npm run demo -- --platform vsphere [--image OVA]   shows import, machines, second run and destroy on a simulated vCenter.
  No guest boots there, so it creates the machines only; it needs no root, and removes what it created.
`;

const HOST = { netns: "virt-ipi-demo", dir: "/var/tmp/virt-ipi-demo" };
const CLUSTER = join(ROOT, "clusters", "demo");
const CLI = join(ROOT, "bin", "virt-ipi");
const inherit = $({ stdio: "inherit", verbose: false });

async function create(virtualization: boolean): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new InstallerError("USAGE", "the demo creates a network namespace and runs libvirtd in it, which needs root", {
      advice: "Run `sudo npm run demo`.",
    });
  const only = virtualization ? VIRTUALIZATION_PARTS : DEMO_PARTS;
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  process.stdout.write(`${formatTable(await setUp({ parts: ALL_PARTS, root: ROOT, cacheDir: cacheFolder(), only, log }))}\n\n`);
  const host = await startLibvirtHost(HOST);
  await writeInstallConfig(host, virtualization);
  await inherit`ip netns exec ${host.netns} ${CLI} create cluster --dir ${CLUSTER}`;
  const kubectl = join(cacheFolder(), "bin", "kubectl");
  const kubeconfig = join(CLUSTER, "auth", "kubeconfig");
  await inherit`ip netns exec ${host.netns} ${kubectl} --kubeconfig ${kubeconfig} get nodes --output wide`;
  if (virtualization) await inherit`ip netns exec ${host.netns} ${CLI} verify --dir ${CLUSTER} ${VERIFY_VM}`;
  process.stdout.write(
    [
      "",
      "Use it:      ip netns exec virt-ipi-demo kubectl --kubeconfig clusters/demo/auth/kubeconfig get pods --all-namespaces",
      `             (kubectl is ${kubectl})`,
      "Look at it:  ip netns exec virt-ipi-demo bin/virt-ipi status --dir clusters/demo",
      "Destroy it:  npm run demo -- --destroy",
      "",
    ].join("\n"),
  );
}

/** The example's install-config with this host's libvirt in it; one that is there already stays. */
async function writeInstallConfig(host: LibvirtHost, virtualization: boolean): Promise<void> {
  const path = join(CLUSTER, "install-config.yaml");
  const document = parseDocument(await readFile(join(ROOT, "examples", "kvm-demo.yaml"), "utf8"));
  document.setIn(["platform", "kvm", "uri"], host.uri);
  if (virtualization) for (const [at, value] of await virtualizationSettings(cacheFolder(), CLUSTER)) document.setIn(at, document.createNode(value));
  if ((await readTextIfExists(path)) === undefined) await writeFileAtomic(path, document.toString());
}

async function destroy(): Promise<void> {
  const host = libvirtHost(HOST);
  const known = await readTextIfExists(join(CLUSTER, "metadata.json"));
  // Without its libvirtd the namespace has no machines to be asked for: starting it again finds what is defined.
  if (known !== undefined) {
    await startLibvirtHost(HOST);
    await inherit`ip netns exec ${host.netns} ${CLI} destroy cluster --dir ${CLUSTER}`;
  }
  await host.dispose();
  await rm(CLUSTER, { recursive: true, force: true });
  process.stdout.write("The demo's cluster, its network namespace and its folder are gone.\n");
}

const { values } = parseArgs({
  options: {
    destroy: { type: "boolean" },
    virtualization: { type: "boolean" },
    help: { type: "boolean", short: "h" },
    platform: { type: "string" },
    image: { type: "string" },
  },
});
try {
  if (values.help === true) process.stdout.write(HELP);
  else if (values.platform === "vsphere") await vsphereDemo(values.image === undefined ? undefined : resolve(values.image));
  else if (values.platform !== undefined && values.platform !== "kvm")
    throw new InstallerError("USAGE", `there is no demo of platform ${values.platform}`, { advice: "Choose kvm or vsphere." });
  else await (values.destroy === true ? destroy() : create(values.virtualization === true));
} catch (error) {
  if (error instanceof ProcessOutput) process.exitCode = error.exitCode ?? 1;
  else if (isInstallerError(error)) {
    process.stderr.write(`error: ${error.message} (${error.id})\n  ${error.advice}\n`);
    process.exitCode = error.exitCode;
  } else throw error;
}
