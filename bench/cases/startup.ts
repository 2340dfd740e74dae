import { resolve } from "node:path";
import { run } from "../../src/exec/index.ts";
import { compare, type Comparison } from "../measure.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const BUILT = resolve(ROOT, "dist/virt-ipi.js");
const node = (...args: readonly string[]): Promise<unknown> => run(process.execPath, [...args], { cwd: ROOT });

/** The command line as an installed package has it, against a Node that does nothing. */
export async function startup(): Promise<readonly Comparison[]> {
  await node("tools/build.ts");
  const baseline = { title: "node -e 0", run: () => node("-e", "0") };
  return [
    await compare({ name: "startup-help", runs: 15, ours: { title: "virt-ipi --help", run: () => node(BUILT, "--help") }, baseline }),
    await compare({
      name: "startup-validate",
      runs: 15,
      ours: { title: "virt-ipi validate of one file", run: () => node(BUILT, "validate", "install-config.example.yaml") },
      baseline,
    }),
  ];
}
