import * as prompts from "@clack/prompts";
import type { InstallConfigAnswers } from "../../config/index.ts";
import { oneLine } from "../../util/index.ts";
import { askForNetwork, isNeeded, terminalAsker, type Asker } from "./asker.ts";
import { askForVsphere } from "./ask-vsphere.ts";
import { VSPHERE_DISTRIBUTION, type GivenPlatform } from "./vsphere-answers.ts";

type Given = Partial<InstallConfigAnswers>;

/** Asks on the terminal what was not given; Enter takes the default. @throws InstallerError INTERRUPTED on Ctrl-C */
export async function askForAnswers(given: Given, platform: GivenPlatform, defaults: Given, signal: AbortSignal): Promise<InstallConfigAnswers> {
  const output = process.stderr;
  prompts.intro("install-config.yaml", { output });
  const answers = await ask(terminalAsker(signal), given, platform, defaults);
  prompts.outro(oneLine(`${answers.controlPlaneReplicas} + ${answers.computeReplicas} machines for ${answers.name}.${answers.baseDomain}`), {
    output,
  });
  return answers;
}

/** The questions themselves. */
export async function ask(asker: Asker, given: Given, platform: GivenPlatform, defaults: Given): Promise<InstallConfigAnswers> {
  const name = given.name ?? (await asker.text("Name of the cluster", "ocp4", isNeeded));
  const baseDomain = given.baseDomain ?? (await asker.text("Base domain", "example.com", isNeeded));
  const isVsphere =
    (platform.name ??
      (given.libvirtURI === undefined
        ? await asker.choice("Platform", [
            { value: "kvm", label: "KVM: a Linux host with libvirt" },
            { value: "vsphere", label: "vSphere: a vCenter" },
          ])
        : "kvm")) === "vsphere";
  const place = isVsphere ? await askForVsphere(asker, given, platform.vsphere) : await askForKvm(asker, given);
  // The memory of this host says nothing about a vCenter's.
  const sizes = isVsphere ? {} : defaults;
  const controlPlaneReplicas =
    given.controlPlaneReplicas ??
    (await asker.count("Control-plane machines", sizes.controlPlaneReplicas ?? 3, (number) => [1, 3, 4, 5].includes(number)));
  const computeReplicas = given.computeReplicas ?? (await asker.count("Compute machines", sizes.computeReplicas ?? 2, () => true));
  const sshKey =
    given.sshKey ??
    (await asker.text("Public ssh key for user core (may be empty)", defaults.sshKey ?? "", (value) =>
      value.includes("PRIVATE") ? "that is a private key" : undefined,
    ));
  return {
    ...given,
    ...place,
    name,
    baseDomain,
    controlPlaneReplicas,
    computeReplicas,
    ...(isVsphere ? { distribution: VSPHERE_DISTRIBUTION } : {}),
    ...(sshKey.trim() === "" ? {} : { sshKey: sshKey.trim() }),
  };
}

async function askForKvm(asker: Asker, given: Given): Promise<Given> {
  const libvirtURI = given.libvirtURI ?? (await asker.text("libvirt connection", "qemu:///system", isNeeded));
  return { libvirtURI, machineNetwork: given.machineNetwork ?? (await askForNetwork(asker, "192.168.126.0/24")) };
}
