import { join } from "node:path";
import { assetGraph, type AssetGraph, makeClusterKeys, readTemplates, rendererOf } from "../assets/index.ts";
import { makeIdentity } from "../config/index.ts";
import { readCluster } from "../stack/index.ts";
import { PACKAGE_ROOT } from "../util/index.ts";
import { warnOnce } from "./config-warnings.ts";
import type { World } from "./context.ts";

/** Which asset of the folder's cluster is made from which. Writes nothing: keys that it needs are made for this once. */
export async function graph(world: World): Promise<AssetGraph> {
  const { spec } = await readCluster(world.folder, { env: world.env, onWarning: warnOnce(world) });
  const keys = await makeClusterKeys(rendererOf(spec), world.entropy, undefined, world.signal);
  const templates = await readTemplates(join(PACKAGE_ROOT, "templates"));
  return await assetGraph({ spec, identity: makeIdentity(spec.name, world.clock, world.entropy), keys, templates });
}
