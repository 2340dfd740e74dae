/** Ignition configuration, spec 3.2.0: the part that installers use. Source: coreos.github.io/ignition/configuration-v3_2 */
export interface IgnitionConfig {
  readonly ignition: {
    readonly version: "3.2.0";
    readonly config?: { readonly merge?: readonly IgnitionResource[]; readonly replace?: IgnitionResource };
    readonly security?: { readonly tls: { readonly certificateAuthorities: readonly IgnitionResource[] } };
    readonly timeouts?: { readonly httpResponseHeaders?: number; readonly httpTotal?: number };
  };
  readonly passwd?: { readonly users?: readonly IgnitionUser[]; readonly groups?: readonly IgnitionGroup[] };
  readonly storage?: {
    readonly directories?: readonly IgnitionDirectory[];
    readonly files?: readonly IgnitionFile[];
    readonly links?: readonly IgnitionLink[];
  };
  readonly systemd?: { readonly units: readonly IgnitionUnit[] };
}

/** Something to be fetched: a `data:` or `https:` URL. */
export interface IgnitionResource {
  readonly source: string;
  readonly compression?: "gzip";
  readonly verification?: { readonly hash: string };
  readonly httpHeaders?: readonly { readonly name: string; readonly value: string }[];
}

export interface IgnitionNode {
  readonly path: string;
  readonly user?: { readonly name?: string; readonly id?: number };
  readonly group?: { readonly name?: string; readonly id?: number };
  readonly overwrite?: boolean;
}

export interface IgnitionFile extends IgnitionNode {
  readonly mode?: number;
  readonly contents?: IgnitionResource;
  readonly append?: readonly IgnitionResource[];
}

export interface IgnitionDirectory extends IgnitionNode {
  readonly mode?: number;
}

export interface IgnitionLink extends IgnitionNode {
  readonly target: string;
  readonly hard?: boolean;
}

export interface IgnitionUser {
  readonly name: string;
  readonly passwordHash?: string;
  readonly sshAuthorizedKeys?: readonly string[];
  readonly groups?: readonly string[];
  readonly homeDir?: string;
  readonly shell?: string;
  readonly uid?: number;
  readonly system?: boolean;
}

export interface IgnitionGroup {
  readonly name: string;
  readonly gid?: number;
  readonly system?: boolean;
}

export interface IgnitionUnit {
  readonly name: string;
  readonly enabled?: boolean;
  readonly mask?: boolean;
  readonly contents?: string;
  readonly dropins?: readonly { readonly name: string; readonly contents: string }[];
}
