import * as pulumi from "@pulumi/pulumi";
import { VSPHERE_VERSION } from "./version.ts";

export interface ProviderArgs {
  /** Host name of the vCenter, with `:port` where it is not 443. */
  readonly vsphereServer: pulumi.Input<string>;
  /** `name@domain` or `domain\name`. */
  readonly user: pulumi.Input<string>;
  /** Made a secret here: the official schema does not mark it, and it would stand in the state in clear. */
  readonly password: pulumi.Input<string>;
  /** Accepts any certificate. Default false; a CA of the site's own comes by SSL_CERT_FILE. */
  readonly allowUnverifiedSsl?: pulumi.Input<boolean>;
  /** Minutes that one call of vCenter may take; default 5. */
  readonly apiTimeout?: pulumi.Input<number>;
}

/** One vCenter. */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs, options?: pulumi.ResourceOptions) {
    const inputs = {
      vsphereServer: args.vsphereServer,
      user: args.user,
      password: pulumi.secret(args.password),
      // The engine hands a bridged provider its settings as strings.
      allowUnverifiedSsl: json(args.allowUnverifiedSsl ?? false),
      apiTimeout: json(args.apiTimeout),
    };
    super("vsphere", name, inputs, pulumi.mergeOptions({ version: VSPHERE_VERSION }, options));
  }
}

const json = (value: pulumi.Input<boolean | number> | undefined): pulumi.Output<string> | undefined =>
  value === undefined ? undefined : pulumi.output(value).apply((known) => JSON.stringify(known));
