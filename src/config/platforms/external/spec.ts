import type { z } from "zod";
import type { externalSchema } from "./schema.ts";

declare module "../keys.ts" {
  interface PlatformKeys {
    external?: z.infer<typeof externalSchema>;
  }
}

declare module "../../cluster-spec.ts" {
  interface PlatformSpecs {
    readonly external: { readonly name: "external" };
  }
}
