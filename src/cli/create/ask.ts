import { isIP } from "node:net";
import * as prompts from "@clack/prompts";
import { askedPlatforms, type InstallConfigAnswers, isReference, type Question, type Questions } from "../../config/index.ts";
import { oneLine } from "../../util/index.ts";
import { askForNetwork, isNeeded, terminalAsker, type Asker, type Validation } from "./asker.ts";
import { distributionOf, questionsOf, type GivenPlatform } from "./platform-answers.ts";

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
  const chosen =
    platform.name ??
    (await asker.choice(
      "Platform",
      askedPlatforms.map((one) => ({ value: one.name, label: one.questions.label })),
    ));
  const { questions } = questionsOf(chosen);
  const platformAnswers = await askForPlatform(asker, questions, platform.answers);
  const addresses = await askForAddresses(asker, questions, given);
  const sizes = questions.onThisHost ? defaults : {};
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
    ...addresses,
    platform: chosen,
    platformAnswers,
    name,
    baseDomain,
    controlPlaneReplicas,
    computeReplicas,
    ...distributionOf(questions),
    ...(sshKey.trim() === "" ? {} : { sshKey: sshKey.trim() }),
  };
}

async function askForPlatform(asker: Asker, { questions }: Questions, given: GivenPlatform["answers"]): Promise<GivenPlatform["answers"]> {
  const answers: Record<string, string> = {};
  for (const question of questions)
    answers[question.name] = given[question.name] ?? (await asker.text(question.message, question.initial(answers), validationOf(question)));
  return answers;
}

const validationOf = ({ name, reference }: Question): Validation =>
  reference === true
    ? (value) => (isReference(value) ? undefined : `write env:NAME or file:PATH; the ${name} itself does not go into the file`)
    : isNeeded;

const isAddress: Validation = (value) => (isIP(value) === 0 ? "write an IP address" : undefined);

async function askForAddresses(asker: Asker, { machineNetwork, asksForVips }: Questions, given: Given): Promise<Given> {
  const network = given.machineNetwork ?? (await askForNetwork(asker, machineNetwork));
  if (!asksForVips) return { machineNetwork: network };
  return {
    machineNetwork: network,
    apiVIP: given.apiVIP ?? (await asker.text("Address of the API (a free one in that network)", "", isAddress)),
    ingressVIP: given.ingressVIP ?? (await asker.text("Address of the ingress routes (another free one)", "", isAddress)),
  };
}
