import { existsSync } from "node:fs";
import { type InstallConfigAnswers, parseInstallConfig, renderInstallConfig } from "../../config/index.ts";
import { InstallerError } from "../../errors/index.ts";
import type { CommandModule } from "../command.ts";
import { usage } from "../invocation.ts";
import { writtenInstallConfigText } from "../render/create-install-config.ts";
import { askForAnswers } from "./ask.ts";
import { hostDefaults, readPublicKey } from "./host-defaults.ts";
import { completePlatform, platformOf, questionsOf } from "./platform-answers.ts";

const COUNT = /^\d{1,3}$/;

/** Writes install-config.yaml from the options, and from questions on a terminal for those not given. Never overwrites one. */
export const run: CommandModule["run"] = async (invocation) => {
  const { callerOf, clusterFolder, guardFolder } = await import("../../stack/index.ts");
  const { writeFileAtomic } = await import("../../util/index.ts");
  const { options } = invocation;
  const folder = clusterFolder(options.dir ?? process.cwd());
  await guardFolder(folder, callerOf(invocation.env));
  if (existsSync(folder.installConfig))
    throw new InstallerError("FILE_EXISTS", `${folder.installConfig} already exists`, { value: folder.installConfig });
  const given = await answersOf(options);
  const terminal = process.stdin.isTTY && process.stderr.isTTY && invocation.output === "text";
  const defaults = await hostDefaults();
  const platform = platformOf(options);
  const answers = terminal
    ? await askForAnswers(given, platform, defaults, invocation.signal)
    : { ...complete(given, questionsOf(platform.name).questions.onThisHost ? defaults : keyOf(defaults)), ...completePlatform(platform) };
  const text = renderInstallConfig(answers);
  const { errors } = parseInstallConfig(text, folder.installConfig, undefined, invocation.env);
  if (errors.length > 0)
    throw new InstallerError("CONFIG_INVALID", "the answers give no valid install-config", {
      details: errors.map(({ path, message }) => `${path}: ${message}`),
    });
  await writeFileAtomic(folder.installConfig, text);
  invocation.result({ file: folder.installConfig, folder: folder.root }, writtenInstallConfigText);
  return undefined;
};

async function answersOf(options: Readonly<Record<string, unknown>>): Promise<Partial<InstallConfigAnswers>> {
  const text = (name: string): string | undefined => options[name] as string | undefined;
  const count = (name: string, flag: string): number | undefined => {
    const value = text(name);
    if (value !== undefined && !COUNT.test(value)) throw usage(`${flag} takes a number`, value);
    return value === undefined ? undefined : Number(value);
  };
  const sshKeyFile = text("sshKeyFile");
  const entries = {
    name: text("name"),
    baseDomain: text("baseDomain"),
    controlPlaneReplicas: count("controlPlane", "--control-plane"),
    computeReplicas: count("compute", "--compute"),
    machineNetwork: text("machineNetwork"),
    apiVIP: text("apiVip"),
    ingressVIP: text("ingressVip"),
    sshKey: sshKeyFile === undefined ? undefined : await readPublicKey(sshKeyFile),
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as Partial<InstallConfigAnswers>;
}

/** How many machines this host has room for says nothing about another. */
const keyOf = ({ sshKey }: Partial<InstallConfigAnswers>): Partial<InstallConfigAnswers> => (sshKey === undefined ? {} : { sshKey });

/** Without a terminal nothing can be asked: name and domain have to be given, the rest has defaults. */
function complete(given: Partial<InstallConfigAnswers>, defaults: Partial<InstallConfigAnswers>): InstallConfigAnswers {
  const { name, baseDomain } = given;
  if (name === undefined || baseDomain === undefined) {
    const missing = [...(name === undefined ? ["--name"] : []), ...(baseDomain === undefined ? ["--base-domain"] : [])];
    throw new InstallerError("ANSWERS_MISSING", `${missing.join(" and ")} must be given`, {
      value: missing.join(", "),
      advice: "Give them, as in `virt-ipi create install-config --name ocp4 --base-domain example.com`, or run it on a terminal to be asked.",
    });
  }
  return { controlPlaneReplicas: 3, computeReplicas: 2, ...defaults, ...given, name, baseDomain };
}
