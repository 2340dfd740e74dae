import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { rendererOf } from "../../src/assets/index.ts";
import { loadClusterSpec } from "../../src/config/index.ts";
import { run } from "../../src/exec/index.ts";
import { opensslKeys, rsaKeysOf } from "../baseline/rsa-keys.ts";
import { compare, figures, type Comparison } from "../measure.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const BUILT = join(ROOT, "dist/virt-ipi.js");
const INPUT = join(ROOT, "test/golden/openshift/inputs/vsphere.yaml");
const PEAK = /^peak (\d+)$/m;
/** Says at the end of a process, in KiB, the most memory that it has had. */
const SAY_PEAK = `data:text/javascript,process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS+"\\n"))`;

/**
 * The command line from an install-config for OpenShift with 3+3 machines on vSphere to all files in an empty folder, keys included, against openssl
 * making as many RSA keys of the same sizes.
 */
export async function openshiftAssets(): Promise<readonly Comparison[]> {
  const installConfig = await readFile(INPUT, "utf8");
  const keys = rsaKeysOf(rendererOf(loadClusterSpec(installConfig)).tlsTable);
  const peaks: number[] = [];
  let folder = "";
  await run(process.execPath, ["tools/build.ts"], { cwd: ROOT });
  const comparison = await compare({
    name: "openshift-assets",
    runs: 9,
    target: 1.5,
    ours: {
      title: `virt-ipi create ignition-configs, OpenShift on vSphere, 3+3 machines, with ${keys} RSA keys`,
      before: async () => {
        folder = await mkdtemp(join(tmpdir(), "virt-ipi-bench-"));
        await writeFile(join(folder, "install-config.yaml"), installConfig, { mode: 0o600 });
      },
      run: async () => {
        const { stderr } = await run(process.execPath, ["--import", SAY_PEAK, BUILT, "create", "ignition-configs", "--dir", folder]);
        peaks.push(Number(PEAK.exec(stderr)?.[1]) / 1024);
      },
      after: async () => await rm(folder, { recursive: true, force: true }),
    },
    baseline: opensslKeys(keys),
  });
  const memory = {
    name: "openshift-assets-memory",
    unit: "MiB" as const,
    ours: "the most memory of any run",
    baseline: "what it may take",
    target: 1,
  };
  return [comparison, figures(memory, Math.round(Math.max(...peaks)), 250)];
}
