import { X509Certificate } from "node:crypto";

const PEM_BLOCK = /(?<![^\n])-----BEGIN ([A-Z0-9 ]+)-----\r?\n[A-Za-z0-9+/=\s]*?-----END \1-----[ \t]*\r?\n?/;

/** The PEM blocks of a text, each without what stands around it. */
export const pemBlocks = (text: string): readonly string[] => (text.match(new RegExp(PEM_BLOCK, "g")) ?? []).map((block) => block.trim());

/** OpenShift's installer wants nothing behind the last block, not even an empty line. */
export const lastBlockProblem = (bundle: string): string | undefined =>
  /-----END [A-Z0-9 ]+-----[ \t]*\r?\n?$/.test(bundle)
    ? undefined
    : "invalid block: an empty line or blanks are left over behind the last certificate";

/** What is wrong with PEM blocks of certificates, one after the other; undefined if nothing, also for none. Quotes nothing of them. */
export function certificatesProblem(bundle: string): string | undefined {
  if (/-----BEGIN [A-Z0-9 ]+-----[^\r\n]/.test(bundle)) return "its lines are joined; write them as they are, below a | (> joins lines)";
  let rest = bundle;
  for (let number = 1; rest.trim() !== ""; number++) {
    const block = PEM_BLOCK.exec(rest);
    if (block === null) return "invalid block: what is not a PEM block of a certificate is left over";
    try {
      new X509Certificate(block[0]);
    } catch {
      return `block ${number} is not an X.509 certificate`;
    }
    rest = rest.slice(block.index + block[0].length);
  }
  return undefined;
}
