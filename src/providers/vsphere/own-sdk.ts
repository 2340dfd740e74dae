import * as pulumi from "@pulumi/pulumi";
import { PLUGIN_NAME, PLUGIN_VERSION } from "../../pulumi/index.ts";
import { pinned, unset, type Args } from "../../pulumi/sdk.ts";
import type { PoweredOnInputs } from "./powered-on.ts";
import type { TemplateInputs } from "./template-inputs.ts";

/** Our own provider on one vCenter, for what the official one cannot do. */
export class OwnProvider extends pulumi.ProviderResource {
  constructor(name: string, args: { readonly server: string; readonly user: string; readonly password: string }, options?: pulumi.ResourceOptions) {
    super(PLUGIN_NAME, name, { ...args, password: pulumi.secret(args.password) }, pulumi.mergeOptions({ version: PLUGIN_VERSION }, options));
  }
}

/** An OVA as a template. */
export class Template extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  /** Inventory path. */
  declare readonly path: pulumi.Output<string>;
  declare readonly uuid: pulumi.Output<string>;
  declare readonly moid: pulumi.Output<string>;

  constructor(name: string, args: Args<TemplateInputs>, options?: pulumi.CustomResourceOptions) {
    super("virt-ipi:vsphere:Template", name, { ...unset("path", "uuid", "moid"), ...args }, pinned(options));
  }
}

/** Keeps machines of one folder running. */
export class PoweredOn extends pulumi.CustomResource {
  constructor(name: string, args: Args<PoweredOnInputs>, options?: pulumi.CustomResourceOptions) {
    super("virt-ipi:vsphere:PoweredOn", name, { ...args }, pinned(options));
  }
}
