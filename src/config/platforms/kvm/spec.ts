import type { z } from "zod";
import type { MachineSize } from "../../cluster-spec.ts";
import type { kvmPool, kvmSchema } from "./schema.ts";

export type KvmConfig = NonNullable<z.infer<typeof kvmSchema>>;

declare module "../keys.ts" {
  interface PlatformKeys {
    kvm?: KvmConfig | undefined;
  }
  interface PoolPlatformKeys {
    kvm?: z.infer<typeof kvmPool>;
  }
}

declare module "../../platform-specs.ts" {
  interface PlatformSpecs {
    readonly kvm: KvmPlatformSpec;
  }
}

/** `platform.kvm` after defaults. */
export interface KvmPlatformSpec {
  readonly name: "kvm";
  /** libvirt connection URI */
  readonly uri: string;
  /** An existing pool, a folder that becomes a pool of the cluster, or undefined: a pool of the cluster in the default folder. */
  readonly storagePool?: { readonly kind: "existing"; readonly name: string } | { readonly kind: "folder"; readonly path: string };
  /** `bridge`: machines attach to the user's bridge. `managed`: a managed libvirt network with DHCP and DNS. */
  readonly network: { readonly kind: "bridge"; readonly bridge: string } | { readonly kind: "managed" };
  /** Path or URL of a qcow2 image; undefined: the node image of the distribution. */
  readonly clusterOSImage?: string;
  readonly bootstrap: MachineSize;
  /** libvirt connection URIs of further hosts for the cluster's own machines; absent: none. */
  readonly machineHosts?: readonly string[];
  /** Running control-plane machines may be restarted for a new size; absent: they may not. */
  readonly allowRestart?: true;
}
