import type { z } from "zod";
import type { baremetalPool, baremetalSchema } from "./schema.ts";

declare module "../keys.ts" {
  interface PlatformKeys {
    baremetal?: z.infer<typeof baremetalSchema>;
  }
  interface PoolPlatformKeys {
    baremetal?: z.infer<typeof baremetalPool>;
  }
}

declare module "../../cluster-spec.ts" {
  interface PlatformSpecs {
    readonly baremetal: { readonly name: "baremetal" };
  }
}
