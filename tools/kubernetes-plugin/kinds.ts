import { ApiStatusError } from "../../src/kube/api-error.ts";
import type { Ask } from "./ask.ts";
import type { GroupVersionKind, Manifest } from "./manifest.ts";

/** How a kind is reached. */
export interface Kind extends GroupVersionKind {
  /** `/apis/apps/v1` */
  readonly root: string;
  /** `deployments` */
  readonly plural: string;
  readonly namespaced: boolean;
}

interface ApiResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

type Read = (path: string, ask: Omit<Ask, "method" | "path">) => Promise<ApiResourceList>;

/** What the API serves, asked a group and version at a time when it is first needed. */
export class Kinds {
  readonly #read: Read;
  readonly #known = new Map<string, Promise<ReadonlyMap<string, Kind>>>();

  constructor(read: (path: string, ask: Omit<Ask, "method" | "path">) => Promise<unknown>) {
    this.#read = read as Read;
  }

  /** A kind that is missing is asked for anew each time: its CRD may have come meanwhile. */
  async find(wanted: GroupVersionKind, ask: Omit<Ask, "method" | "path">): Promise<Kind | undefined> {
    const known = await this.#known.get(wanted.apiVersion)?.catch(() => undefined);
    return known?.get(wanted.kind) ?? (await this.#list(wanted.apiVersion, ask)).get(wanted.kind);
  }

  /** What is known without asking. */
  async remembered(wanted: GroupVersionKind): Promise<Kind | undefined> {
    return (await this.#known.get(wanted.apiVersion)?.catch(() => undefined))?.get(wanted.kind);
  }

  #list(apiVersion: string, ask: Omit<Ask, "method" | "path">): Promise<ReadonlyMap<string, Kind>> {
    const pending = this.#pending.get(apiVersion);
    if (pending !== undefined) return pending;
    const asked = this.#ask(apiVersion, ask).finally(() => this.#pending.delete(apiVersion));
    this.#pending.set(apiVersion, asked);
    this.#known.set(apiVersion, asked);
    return asked;
  }

  /** Requests under way: hundreds of objects of one kind start at once. */
  readonly #pending = new Map<string, Promise<ReadonlyMap<string, Kind>>>();

  async #ask(apiVersion: string, ask: Omit<Ask, "method" | "path">): Promise<ReadonlyMap<string, Kind>> {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    try {
      const { resources } = await this.#read(root, ask);
      // `deployments/scale` and its like are ways to a part of an object.
      return new Map(
        resources
          .filter(({ name }) => !name.includes("/"))
          .map(({ name, kind, namespaced }) => [kind, { apiVersion, kind, root, plural: name, namespaced }]),
      );
    } catch (error) {
      if (error instanceof ApiStatusError && error.status === 404) return new Map();
      throw error;
    }
  }
}

/** The path of one object. */
export function pathOf(kind: Kind, manifest: Pick<Manifest, "metadata">): string {
  const { namespace = "", name = "" } = manifest.metadata;
  const scope = kind.namespaced ? `/namespaces/${encodeURIComponent(namespace === "" ? "default" : namespace)}` : "";
  return `${kind.root}${scope}/${kind.plural}/${encodeURIComponent(name)}`;
}
