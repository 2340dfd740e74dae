import type { z } from "zod";
import type { externalSchema } from "./schema.ts";

declare module "../keys.ts" {
  interface PlatformKeys {
    external?: z.infer<typeof externalSchema>;
  }
}

declare module "../../platform-specs.ts" {
  interface PlatformSpecs {
    readonly external: ExternalPlatformSpec;
  }
}

export interface ExternalPlatformSpec {
  readonly name: "external";
  /** Absent: the cluster's API calls it `Unknown`. */
  readonly platformName?: string;
  /** `External`: the user brings a cloud controller manager, which nodes wait for. */
  readonly cloudControllerManager: "External" | "None";
}
