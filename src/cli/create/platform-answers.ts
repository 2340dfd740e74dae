import { askedPlatforms, type InstallConfigAnswers, isReference, type PlatformName, type Question, type Questions } from "../../config/index.ts";
import { InstallerError } from "../../errors/index.ts";
import type { CommandOption } from "../command-tree.ts";
import { usage } from "../invocation.ts";

/** What the options say about a platform: no name where they do not even say which. */
export interface GivenPlatform {
  readonly name?: PlatformName | undefined;
  /** By the names of the platform's questions. */
  readonly answers: Readonly<Record<string, string>>;
}

const DEFAULT = askedPlatforms[0]?.name;

/** The options of all platforms' questions, after the one that chooses a platform. */
export const platformOptions = (): readonly CommandOption[] => [
  { flags: "--platform <name>", description: "where the machines shall be", choices: askedPlatforms.map(({ name }) => name) },
  ...askedPlatforms.flatMap(({ questions }) => questions.questions.map(({ flags, description }) => ({ flags, description }))),
];

/** @throws an error of the program for a platform that asks nothing */
export function questionsOf(name: PlatformName | undefined): { readonly name: PlatformName; readonly questions: Questions } {
  const found = askedPlatforms.find((platform) => platform.name === (name ?? DEFAULT));
  if (found === undefined) throw new Error(`no questions for platform ${name ?? ""}`);
  return found;
}

/** The platform that the options are about. @throws InstallerError USAGE for a secret in clear, or options of a platform without it */
export function platformOf(options: Readonly<Record<string, unknown>>): GivenPlatform {
  const chosen = options["platform"] as PlatformName | undefined;
  let [name, answers] = [chosen, {}];
  for (const platform of askedPlatforms) {
    const given = platform.questions.questions.filter((question) => options[optionOf(question)] !== undefined);
    const [stray] = given;
    if (stray === undefined) continue;
    if (platform.name !== (chosen ?? DEFAULT)) throw usage(`${flagOf(stray)} is for --platform ${platform.name}`, flagOf(stray));
    name = platform.name;
    answers = Object.fromEntries(given.map((question) => [question.name, options[optionOf(question)]]));
    // Everybody on the host can read a command line.
    for (const question of given)
      if (question.reference === true && !isReference(String(options[optionOf(question)])))
        throw usage(`${flagOf(question)} takes env:NAME or file:PATH, never the ${question.name} itself`, flagOf(question));
  }
  return { name, answers };
}

/** Without a terminal: what cannot be guessed has to be given. @throws InstallerError ANSWERS_MISSING */
export function completePlatform({ name, answers }: GivenPlatform): Pick<InstallConfigAnswers, "platform" | "platformAnswers" | "distribution"> {
  const { name: platform, questions } = questionsOf(name);
  const missing = questions.questions.filter((question) => question.optional !== true && answers[question.name] === undefined).map(flagOf);
  if (missing.length > 0)
    throw new InstallerError("ANSWERS_MISSING", `${missing.join(", ")} must be given`, {
      value: missing.join(", "),
      advice: "Give them, or run it on a terminal to be asked.",
    });
  return { platform, platformAnswers: answers, ...distributionOf(questions) };
}

/** Left to its default where the platform has nothing to say about it. */
export const distributionOf = ({ distribution }: Questions): Pick<InstallConfigAnswers, "distribution"> =>
  distribution === undefined ? {} : { distribution };

/** `--server-user` */
const flagOf = ({ flags }: Question): string => flags.split(" ", 1)[0] ?? flags;

/** Where commander puts it: `serverUser`. */
const optionOf = (question: Question): string =>
  flagOf(question)
    .slice("--".length)
    .replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
