import { checkConflicts } from "./conflicts.ts";
import { toResource } from "./data-url.ts";
import type {
  IgnitionConfig,
  IgnitionDirectory,
  IgnitionFile,
  IgnitionGroup,
  IgnitionLink,
  IgnitionResource,
  IgnitionUnit,
  IgnitionUser,
} from "./types.ts";

export interface FileInput {
  readonly path: string;
  readonly contents: string | Uint8Array;
  /** Permission bits; 0600 by default. */
  readonly mode?: number;
  /** Replace a file that the image already has. Default true. */
  readonly overwrite?: boolean;
  readonly user?: { readonly name: string };
  readonly group?: { readonly name: string };
  /** Whether the contents may be compressed. Default true. */
  readonly compress?: boolean;
}

interface Parts {
  readonly merge: readonly IgnitionResource[];
  readonly authorities: readonly IgnitionResource[];
  readonly users: readonly IgnitionUser[];
  readonly groups: readonly IgnitionGroup[];
  readonly directories: readonly IgnitionDirectory[];
  readonly files: readonly IgnitionFile[];
  readonly links: readonly IgnitionLink[];
  readonly units: readonly IgnitionUnit[];
}

const EMPTY: Parts = { merge: [], authorities: [], users: [], groups: [], directories: [], files: [], links: [], units: [] };

/**
 * Builds an Ignition config. Immutable: each call gives a new builder, so a common part can be shared between roles.
 * Each call throws InstallerError IGNITION_CONFLICT if it claims a path, unit or user that is taken.
 */
export class IgnitionBuilder {
  readonly #parts: Parts;

  constructor(parts: Parts = EMPTY) {
    checkConflicts(parts);
    this.#parts = parts;
  }

  file(...inputs: readonly FileInput[]): IgnitionBuilder {
    const files = inputs.map(({ contents, mode = 0o600, overwrite = true, compress = true, ...node }) => ({
      ...node,
      mode,
      overwrite,
      contents: toResource(contents, compress),
    }));
    return this.#with({ files: [...this.#parts.files, ...files] });
  }

  /** Adds to the end of a file of the image, or of a `file` of this config. @param node of a file that is not in this config yet */
  append(path: string, contents: string, mode?: number, node: Omit<FileInput, "path" | "contents" | "mode"> = {}): IgnitionBuilder {
    const { compress = true, ...rest } = node;
    const known: IgnitionFile = this.#parts.files.find((file) => file.path === path) ?? { ...rest, path, ...(mode === undefined ? {} : { mode }) };
    const grown = { ...known, append: [...(known.append ?? []), toResource(contents, compress)] };
    return this.#with({ files: [...this.#parts.files.filter((file) => file.path !== path), grown] });
  }

  directory(...directories: readonly IgnitionDirectory[]): IgnitionBuilder {
    return this.#with({ directories: [...this.#parts.directories, ...directories] });
  }

  link(...links: readonly IgnitionLink[]): IgnitionBuilder {
    return this.#with({ links: [...this.#parts.links, ...links] });
  }

  unit(...units: readonly IgnitionUnit[]): IgnitionBuilder {
    return this.#with({ units: [...this.#parts.units, ...units] });
  }

  /** A drop-in for a unit of the image or of this config. */
  dropin(unit: string, name: string, contents: string): IgnitionBuilder {
    const known = this.#parts.units.find((one) => one.name === unit) ?? { name: unit };
    const grown = { ...known, dropins: [...(known.dropins ?? []), { name, contents }] };
    return this.#with({ units: [...this.#parts.units.filter((one) => one.name !== unit), grown] });
  }

  user(...users: readonly IgnitionUser[]): IgnitionBuilder {
    return this.#with({ users: [...this.#parts.users, ...users] });
  }

  group(...groups: readonly IgnitionGroup[]): IgnitionBuilder {
    return this.#with({ groups: [...this.#parts.groups, ...groups] });
  }

  /** A config to be fetched, with these headers, and merged before this one is applied. */
  merge(source: string, ...httpHeaders: NonNullable<IgnitionResource["httpHeaders"]>): IgnitionBuilder {
    return this.#with({ merge: [...this.#parts.merge, { source, ...some("httpHeaders", httpHeaders) }] });
  }

  /** A certificate (PEM) to trust for what Ignition fetches. Kept uncompressed, as other tools expect it. */
  certificateAuthority(pem: string): IgnitionBuilder {
    const source = `data:text/plain;charset=utf-8;base64,${Buffer.from(pem).toString("base64")}`;
    return this.#with({ authorities: [...this.#parts.authorities, { source }] });
  }

  /** The config; nodes and units in the order of their names, empty sections left out. */
  build(): IgnitionConfig {
    const { merge, authorities, users, groups, directories, files, links, units } = this.#parts;
    const passwd = { ...some("users", users), ...some("groups", groups) };
    const storage = {
      ...some("directories", sortedBy(directories, "path")),
      ...some("files", sortedBy(files, "path")),
      ...some("links", sortedBy(links, "path")),
    };
    return {
      ignition: {
        version: "3.2.0",
        ...(merge.length === 0 ? {} : { config: { merge } }),
        ...(authorities.length === 0 ? {} : { security: { tls: { certificateAuthorities: authorities } } }),
      },
      ...(Object.keys(passwd).length === 0 ? {} : { passwd }),
      ...(Object.keys(storage).length === 0 ? {} : { storage }),
      ...(units.length === 0 ? {} : { systemd: { units: sortedBy(units, "name") } }),
    };
  }

  #with(change: Partial<Parts>): IgnitionBuilder {
    return new IgnitionBuilder({ ...this.#parts, ...change });
  }
}

const some = <K extends string, T>(key: K, list: readonly T[]): Partial<Record<K, readonly T[]>> =>
  list.length === 0 ? {} : ({ [key]: list } as Record<K, readonly T[]>);

// Code unit order, not the locale's: the same everywhere.
function sortedBy<K extends string, T extends Readonly<Record<K, string>>>(list: readonly T[], key: K): readonly T[] {
  return list.toSorted((a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0));
}
