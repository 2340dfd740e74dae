import type { z } from "zod";
import type { ClusterSpec } from "../../../src/config/index.ts";
import { object, text } from "../../../src/config/fields/field.ts";

/** A platform whose machines are files: what a third platform is made of, and nothing else. */
export const fakeSchema = object(
  {
    folder: text("Folder of the machines' files.", { required: true }),
    directory: text("Folder of the machines' files.", { deprecated: "folder" }),
    token: text("Credential, or env:NAME or file:PATH.", { secret: true }),
  },
  "Files that stand for machines.",
);
export const fakePool = object({ shelf: text("Shelf that the pool's machines are on.") }, "Where the pool's machines are.");

export interface FakeSpec {
  readonly name: "fake";
  readonly folder: string;
  /** Secret. */
  readonly token: string;
}

declare module "../../../src/config/platforms/keys.ts" {
  interface PlatformKeys {
    fake?: z.infer<typeof fakeSchema>;
  }
  interface PoolPlatformKeys {
    fake?: z.infer<typeof fakePool>;
  }
}

declare module "../../../src/config/platform-specs.ts" {
  interface PlatformSpecs {
    readonly fake: FakeSpec;
  }
}

declare module "../../../src/config/cluster-spec.ts" {
  interface MachinePool {
    readonly shelf?: string;
  }

  interface MachinePlan {
    readonly shelf?: string;
  }
}

/** Only for a cluster on this platform. */
export const own = ({ platform }: Pick<ClusterSpec, "platform">): FakeSpec => platform as FakeSpec;
