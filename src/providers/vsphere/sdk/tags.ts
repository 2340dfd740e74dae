import * as pulumi from "@pulumi/pulumi";
import { pinned } from "./version.ts";

export interface TagCategoryArgs {
  readonly name: pulumi.Input<string>;
  readonly description?: pulumi.Input<string>;
  /** Whether an object can have several tags of this category. A change replaces it. */
  readonly cardinality: pulumi.Input<"SINGLE" | "MULTIPLE">;
  /** `VirtualMachine`, `Folder`, `ResourcePool`, `Datastore`, `StoragePod`…; types can be added later, never removed. */
  readonly associableTypes: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** A kind of tag. Its id is a URN of vCenter's tag service. */
export class TagCategory extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly cardinality: pulumi.Output<string>;

  constructor(name: string, args: TagCategoryArgs, options?: pulumi.CustomResourceOptions) {
    super("vsphere:index/tagCategory:TagCategory", name, { ...args }, pinned(options));
  }
}

export interface TagArgs {
  readonly name: pulumi.Input<string>;
  readonly description?: pulumi.Input<string>;
  /** A change replaces the tag. */
  readonly categoryId: pulumi.Input<string>;
}

/** A tag; `id` is what the `tags` of other resources take. */
export class Tag extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly categoryId: pulumi.Output<string>;

  constructor(name: string, args: TagArgs, options?: pulumi.CustomResourceOptions) {
    super("vsphere:index/tag:Tag", name, { ...args }, pinned(options));
  }
}
