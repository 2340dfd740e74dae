import * as pulumi from "@pulumi/pulumi";

/** Of the official package whose tokens these classes use. */
export const VSPHERE_VERSION = "4.17.0";

/** Options with that version, so that the engine never asks for the newest one. */
export const pinned = (options: pulumi.CustomResourceOptions | undefined, own: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions =>
  pulumi.mergeOptions({ ...own, version: VSPHERE_VERSION }, options);
