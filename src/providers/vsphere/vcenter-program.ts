import type { VCenterSpec } from "../../config/platforms/vsphere/index.ts";
import { addressOf } from "./address.ts";
import { TAG_DESCRIPTION, tagCategoryName, tagName } from "./names.ts";
import { OwnProvider } from "./own-sdk.ts";
import { Folder, Provider, Tag, TagCategory } from "./sdk/index.ts";

/** What openshift-install lets its category be attached to. */
const TAGGED_TYPES = ["VirtualMachine", "ResourcePool", "Folder", "Datastore", "StoragePod"];

/** A cluster's part of one vCenter: connection, tag, and a folder in each datacenter that asks for one. */
export class VCenterProgram {
  readonly official: Provider;
  readonly own: OwnProvider;
  readonly tag: Tag;
  readonly #infraID: string;
  readonly #server: string;
  readonly #folders = new Map<string, Folder>();

  constructor(vcenter: VCenterSpec, infraID: string) {
    const { server, user, password } = vcenter;
    this.#infraID = infraID;
    this.#server = server;
    this.official = new Provider(server, { vsphereServer: addressOf(vcenter), user, password });
    this.own = new OwnProvider(server, { server: addressOf(vcenter), user, password });
    const options = { provider: this.official };
    const category = new TagCategory(
      server,
      { name: tagCategoryName(infraID), description: TAG_DESCRIPTION, cardinality: "SINGLE", associableTypes: TAGGED_TYPES },
      options,
    );
    this.tag = new Tag(server, { name: tagName(infraID), description: TAG_DESCRIPTION, categoryId: category.id }, options);
  }

  /** The cluster's own folder in a datacenter, made when it is first asked for. @param datacenterId managed object id */
  folder(datacenter: string, datacenterId: string): Folder {
    const known = this.#folders.get(datacenter);
    if (known !== undefined) return known;
    const folder = new Folder(
      `${this.#server}/${datacenter}`,
      { path: this.#infraID, type: "vm", datacenterId, tags: [this.tag.id] },
      { provider: this.official },
    );
    this.#folders.set(datacenter, folder);
    return folder;
  }
}
