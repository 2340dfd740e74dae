import type { Distribution } from "../cluster-spec.ts";

/** Answers by the questions' names. */
export type PlatformAnswers = Readonly<Record<string, string>>;

/** One thing that `create install-config` wants to know for a platform: an option, and a question where it is not given. */
export interface Question {
  readonly name: string;
  /** As commander takes it: `--server <name>`. */
  readonly flags: string;
  /** Of the option. */
  readonly description: string;
  /** What is asked on a terminal. */
  readonly message: string;
  /** What Enter answers, and what stands for the answer where `optional` and nobody can be asked. */
  initial(answers: PlatformAnswers): string;
  /** Takes `env:NAME` or `file:PATH` only: what is written into a file should not be a secret. */
  readonly reference?: true;
  readonly optional?: true;
}

/** What `create install-config` asks for a platform, and what it writes of the answers. */
export interface Questions {
  /** The platform in a list of choices. */
  readonly label: string;
  readonly questions: readonly Question[];
  /** Written into the file where it names none; absent: the file leaves it to its default. */
  readonly distribution?: Distribution;
  /** CIDR of the machine network that is proposed. */
  readonly machineNetwork: string;
  /** The VIPs have to be given: virt-ipi cannot choose them. */
  readonly asksForVips: boolean;
  /** The machines take the memory of this host, so that what is free says how many are possible. */
  readonly onThisHost: boolean;
  /** The keys of `platform.<name>`, but for VIPs and sizes. */
  keys(answers: PlatformAnswers): object;
  /** Comments on these keys. */
  readonly comments: Readonly<Record<string, string>>;
}

/** True for `env:NAME` and `file:PATH`. */
export const isReference = (text: string): boolean => /^(?:env:[A-Za-z_]\w*|file:.+)$/.test(text);
