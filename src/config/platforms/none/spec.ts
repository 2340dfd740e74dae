import type { z } from "zod";
import type { noneSchema } from "./schema.ts";

declare module "../keys.ts" {
  interface PlatformKeys {
    none?: z.infer<typeof noneSchema>;
  }
}

declare module "../../cluster-spec.ts" {
  interface PlatformSpecs {
    readonly none: { readonly name: "none" };
  }
}
