import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import pLimit from "p-limit";
import { makeClusterKeys, readTemplates, rendererOf, renderAssets } from "../../src/assets/index.ts";
import { loadClusterSpec, makeIdentity } from "../../src/config/index.ts";
import { run } from "../../src/exec/index.ts";
import { systemClock, systemEntropy } from "../../src/util/index.ts";
import { compare, type Comparison } from "../measure.ts";

const INSTALL_CONFIG = `apiVersion: v1
metadata: { name: bench }
baseDomain: example.com
controlPlane: { name: master, replicas: 3 }
compute: [{ name: worker, replicas: 3 }]
platform: { kvm: {} }
`;

/** From the text of an install-config for 3+3 machines to all assets, keys included, against openssl making as many RSA keys. */
export async function assets(): Promise<readonly Comparison[]> {
  const templates = await readTemplates(resolve(import.meta.dirname, "../../templates"));
  const renderer = rendererOf(loadClusterSpec(INSTALL_CONFIG));
  const keys = renderer.tlsTable.filter((row) => row.kind !== "bundle" && (row.kind !== "key-pair" || row.format === "rsa")).length;
  // As many at once as there are processors, which is what a script would do that wants to be fast.
  const limit = pLimit(availableParallelism());
  return [
    await compare({
      name: "assets",
      runs: 11,
      ours: {
        title: `all assets of 3+3 machines, with ${keys} RSA keys`,
        run: async () => {
          const spec = loadClusterSpec(INSTALL_CONFIG);
          const identity = makeIdentity(spec.name, systemClock, systemEntropy);
          const store = await makeClusterKeys(renderer, systemEntropy);
          await renderAssets({ spec, identity, keys: store, installConfig: INSTALL_CONFIG, templates });
        },
      },
      baseline: {
        title: `openssl genrsa 2048, ${keys} times, ${availableParallelism()} at once`,
        run: () => Promise.all(Array.from({ length: keys }, () => limit(() => run("openssl", ["genrsa", "2048"])))),
      },
    }),
  ];
}
