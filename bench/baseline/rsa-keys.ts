import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import type { TlsTable } from "../../src/assets/tls/table.ts";
import { run } from "../../src/exec/index.ts";
import type { Side } from "../measure.ts";

/** How many RSA keys a table asks for. */
export const rsaKeysOf = (table: TlsTable): number =>
  table.filter((row) => row.kind !== "bundle" && (row.kind !== "key-pair" || row.format === "rsa")).length;

/** openssl making as many: as many at once as there are processors, which is what a script would do that wants to be fast. */
export function opensslKeys(count: number): Side {
  const limit = pLimit(availableParallelism());
  return {
    title: `openssl genrsa 2048, ${count} times, ${availableParallelism()} at once`,
    run: () => Promise.all(Array.from({ length: count }, () => limit(() => run("openssl", ["genrsa", "2048"])))),
  };
}
