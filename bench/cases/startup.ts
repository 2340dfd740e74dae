import { resolve } from "node:path";
import { run } from "../../src/exec/index.ts";
import { compare, type Comparison } from "../measure.ts";

const MAIN = resolve(import.meta.dirname, "../../src/cli/main.ts");

/** `virt-ipi --help` against a Node that does nothing. */
export const startup = async (): Promise<readonly Comparison[]> => [
  await compare({
    name: "startup",
    runs: 15,
    ours: { title: "virt-ipi --help", run: () => run(process.execPath, [MAIN, "--help"]) },
    baseline: { title: "node -e 0", run: () => run(process.execPath, ["-e", "0"]) },
  }),
];
