import { z } from "zod";
import type { PlatformKeys, PoolPlatformKeys } from "../platforms/keys.ts";
import { PLATFORMS } from "../platforms/supported.ts";
import { installConfigShape } from "./shape.ts";

const shapes = (pick: (platform: (typeof PLATFORMS)[number]) => z.ZodType | undefined): z.ZodType =>
  z.strictObject(Object.fromEntries(PLATFORMS.flatMap((platform) => [[platform.name, pick(platform)]]).filter(([, schema]) => schema !== undefined)));

const defaultTexts = new Map<string, string>();
for (const platform of PLATFORMS)
  for (const [path, text] of Object.entries(platform.defaultTexts ?? {}))
    defaultTexts.set(path, [defaultTexts.get(path) ?? [], text].flat().join("; "));

/** The whole file, with the keys of all platforms. What each may hold has the types that the platforms declare (`platforms/keys.ts`). */
export const installConfigSchema = installConfigShape({
  platform: shapes(({ schema }) => schema) as z.ZodType<PlatformKeys>,
  pool: shapes(({ poolSchema }) => poolSchema) as z.ZodType<PoolPlatformKeys>,
  defaultTexts,
});
