import type { z } from "zod";
import type { InstallConfig } from "../../install-config.ts";
import type { baremetalPool, baremetalSchema } from "./schema.ts";

declare module "../keys.ts" {
  interface PlatformKeys {
    baremetal?: z.infer<typeof baremetalSchema>;
  }
  interface PoolPlatformKeys {
    baremetal?: z.infer<typeof baremetalPool>;
  }
}

declare module "../../platform-specs.ts" {
  interface PlatformSpecs {
    readonly baremetal: BaremetalPlatformSpec;
  }
}

/** `platform.baremetal` as it stands in the file. */
export type BaremetalKeys = NonNullable<NonNullable<InstallConfig["platform"]>["baremetal"]>;
export type BaremetalHostKeys = NonNullable<BaremetalKeys["hosts"]>[number];

export interface BaremetalPlatformSpec {
  readonly name: "baremetal";
  /** Everything but the hosts, defaults filled in. */
  readonly settings: Omit<BaremetalKeys, "hosts">;
  /** Control-plane machines first, then arbiters, then compute machines, then those that nobody gave a role. */
  readonly hosts: readonly BaremetalHostKeys[];
  /** The cluster creates its machines itself, from the hosts. */
  readonly machineAPI: boolean;
}
