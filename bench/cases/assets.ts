import { resolve } from "node:path";
import { makeClusterKeys, readTemplates, rendererOf, renderAssets } from "../../src/assets/index.ts";
import { loadClusterSpec, makeIdentity } from "../../src/config/index.ts";
import { systemClock, systemEntropy } from "../../src/util/index.ts";
import { opensslKeys, rsaKeysOf } from "../baseline/rsa-keys.ts";
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
  const keys = rsaKeysOf(renderer.tlsTable);
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
      baseline: opensslKeys(keys),
    }),
  ];
}
