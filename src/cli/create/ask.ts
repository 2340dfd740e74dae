import * as prompts from "@clack/prompts";
import type { InstallConfigAnswers } from "../../config/index.ts";
import { InstallerError } from "../../errors/index.ts";

type Given = Partial<InstallConfigAnswers>;

/** Asks on the terminal what was not given; Enter takes the default. @throws InstallerError INTERRUPTED on Ctrl-C */
export async function askForAnswers(given: Given, defaults: Given, signal: AbortSignal): Promise<InstallConfigAnswers> {
  const output = process.stderr;
  const text = async (message: string, initial: string, validate: (value: string) => string | undefined): Promise<string> =>
    answered<string>(await prompts.text({ message, initialValue: initial, output, signal, validate: (value) => validate(value ?? "") }));
  const count = async (message: string, initial: number, allowed: (count: number) => boolean): Promise<number> =>
    Number(
      await text(message, String(initial), (value) => (/^\d+$/.test(value) && allowed(Number(value)) ? undefined : "that many are not possible")),
    );
  const required = (value: string): string | undefined => (value.trim() === "" ? "is needed" : undefined);

  prompts.intro("install-config.yaml", { output });
  const name = given.name ?? (await text("Name of the cluster", "ocp4", required));
  const baseDomain = given.baseDomain ?? (await text("Base domain", "example.com", required));
  const libvirtURI = given.libvirtURI ?? (await text("libvirt connection", "qemu:///system", required));
  const controlPlaneReplicas =
    given.controlPlaneReplicas ??
    (await count("Control-plane machines", defaults.controlPlaneReplicas ?? 3, (number) => [1, 3, 4, 5].includes(number)));
  const computeReplicas = given.computeReplicas ?? (await count("Compute machines", defaults.computeReplicas ?? 2, () => true));
  const machineNetwork =
    given.machineNetwork ??
    (await text("Network of the machines (CIDR)", "192.168.126.0/24", (value) =>
      /^[0-9a-fA-F.:]+\/\d+$/.test(value) ? undefined : "write it as 192.168.126.0/24",
    ));
  const sshKey =
    given.sshKey ??
    (await text("Public ssh key for user core (may be empty)", defaults.sshKey ?? "", (value) =>
      value.includes("PRIVATE") ? "that is a private key" : undefined,
    ));
  prompts.outro(`${controlPlaneReplicas} + ${computeReplicas} machines for ${name}.${baseDomain}`, { output });
  return {
    ...given,
    name,
    baseDomain,
    libvirtURI,
    controlPlaneReplicas,
    computeReplicas,
    machineNetwork,
    ...(sshKey.trim() === "" ? {} : { sshKey: sshKey.trim() }),
  };
}

function answered<T extends string>(answer: T | symbol): T {
  if (typeof answer === "symbol") throw new InstallerError("INTERRUPTED", "the questions were left");
  return answer;
}
