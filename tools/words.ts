/** Words that texts for people do not have, and what stands in their place. The glossary shows this table; a test reads all texts by it. */

export interface OldWord {
  /** As the glossary shows it; the pattern finds it. */
  readonly old: string;
  readonly write: string;
  readonly pattern: RegExp;
  /** `messages`: what a program prints, since comments may say how a function makes its value. */
  readonly where: "everywhere" | "messages";
}

const everywhere = (old: string, write: string, pattern: RegExp): OldWord => ({ old, write, pattern, where: "everywhere" });
const messages = (old: string, write: string, pattern: RegExp): OldWord => ({ old, write, pattern, where: "messages" });

export const OLD_WORDS: readonly OldWord[] = [
  everywhere("anew", "again", /\banew\b/i),
  everywhere("made again, makes it again", "created again, creates it again", /\bma(?:d|k)(?:e|es|ing) (?:it |them |(?:the |a )?\w+ )?again\b/i),
  everywhere("half-made", "partly created", /\bhalf[- ]made\b/i),
  everywhere("mend", "fix, correct", /\bmend(?:s|ed|ing)?\b/i),
  everywhere("to be had", "available", /\b(?:to be|be|not|is|are) had\b/i),
  everywhere("of ours, of yours", "our, your; managed network, existing bridge", /\bof (?:ours|yours|theirs)\b/i),
  everywhere("a bridge of the user's", "the user's bridge", /\b(?:an?|one|none|no|any) (?:\w+ ){1,3}of the user's\b|\bof the user's(?=[.,;:)]|$)/i),
  everywhere("tell, tells, told", "show, print, report, say", /\b(?:tell|tells|told|telling)(?![a-z])/i),
  everywhere("foresee", "predict, expect, preview", /\bfore(?:see|sees|seen|saw)\b/i),
  everywhere("least role", "minimum role", /\bleast (?:role|level)\b/i),
  everywhere("clusters that nobody knows any more", "unknown clusters", /\bnobody knows\b/i),
  everywhere("stands on its own", "runs without the bootstrap machine", /\bstands? on (?:its|their) own\b/i),
  everywhere("the domain that the cluster's name is put before", "base DNS domain", /\bis put before\b/i),
  everywhere(
    "the cluster is whole",
    "ready, complete",
    /\b(?:is|are|be|stays?|not|newest|no|holds it|this is a|at once and) whole\b(?! (?:number|registry|file))|\bwhole (?:one|copy)\b/i,
  ),
  everywhere("settle what a run left", "recover from an interrupted run", /\bsettles? what\b/i),
  everywhere("more-rows, looks/", "what the file or folder holds", /\bmore-\w+\.ts\b|\/looks\//),
  messages("make, made (but: make sure)", "create, created; issued for (a certificate)", /\b(?:make|makes|made|making)\b(?! sure\b)/i),
  messages("go on", "continue", /\b(?:go|goes|going|went) on\b/i),
  messages("take down", "remove", /\b(?:take|takes|taken|taking) (?:it |them )?down\b/i),
  messages("lies in", "is in", /\b(?:lie|lies|lay) (?:in|on|below|under|outside)\b/i),
];

/** Old words of a text, as `line: "word": what to write`. @param isMessage of the texts that a program prints */
export function oldWordsIn(text: string, isMessage: boolean): readonly string[] {
  const words = OLD_WORDS.filter(({ where }) => isMessage || where === "everywhere");
  return text.split("\n").flatMap((line, index) =>
    words.flatMap(({ pattern, write }) => {
      const found = pattern.exec(line);
      return found === null ? [] : [`${index + 1}: "${found[0]}": ${write}`];
    }),
  );
}
