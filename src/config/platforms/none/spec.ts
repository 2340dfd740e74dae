import type { z } from "zod";
import type { noneSchema } from "./schema.ts";

declare module "../keys.ts" {
  interface PlatformKeys {
    none?: z.infer<typeof noneSchema>;
  }
}

declare module "../../platform-specs.ts" {
  interface PlatformSpecs {
    readonly none: { readonly name: "none" };
  }
}
