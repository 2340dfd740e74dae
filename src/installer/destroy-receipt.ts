import { join } from "node:path";
import type { OwnedObject } from "../providers/index.ts";
import { type Clock, writeFileAtomic } from "../util/index.ts";
import type { KnownCluster } from "./known-cluster.ts";

/** What was taken down: for those who must show that nothing is left. Holds no secret. */
export interface Receipt {
  readonly cluster: string;
  readonly infraID: string;
  readonly platform: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly objects: readonly (OwnedObject & { readonly madeBy: string; readonly removedAt: string })[];
  /** What the last look still found, or could not look at. */
  readonly left: readonly OwnedObject[];
}

/** Collects what is gone during a destroy. */
export class ReceiptBook {
  readonly #clock: Clock;
  readonly #startedAt: string;
  readonly #seen = new Map<string, OwnedObject>();
  readonly #removedAt = new Map<string, string>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = this.#now();
  }

  /** Everything that a look has found; what an earlier one found and this one does not is gone by now. */
  looked(objects: readonly OwnedObject[]): void {
    const now = new Set(objects.map(keyOf));
    // A manager that did not answer may still have all that it had.
    const blind = objects.filter(({ problem }) => problem !== undefined).map(({ id }) => `${id}/`);
    for (const [key, { id }] of this.#seen) {
      if (now.has(key)) this.#removedAt.delete(key);
      else if (!this.#removedAt.has(key) && !blind.some((start) => id.startsWith(start))) this.#removedAt.set(key, this.#now());
    }
    for (const object of objects) if (object.problem === undefined) this.#seen.set(keyOf(object), object);
  }

  removed(object: OwnedObject): void {
    this.#removedAt.set(keyOf(object), this.#now());
  }

  receipt({ name, infraID, platform }: KnownCluster, left: readonly OwnedObject[]): Receipt {
    const objects = [...this.#removedAt].flatMap(([key, removedAt]) => {
      const object = this.#seen.get(key);
      return object === undefined ? [] : [{ ...object, madeBy: object.madeBy ?? "virt-ipi", removedAt }];
    });
    return { cluster: name, infraID, platform: platform.name, startedAt: this.#startedAt, endedAt: this.#now(), objects, left };
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
}

const keyOf = ({ kind, id }: OwnedObject): string => `${kind} ${id}`;

/** @returns the path of the file in the cluster folder */
export async function writeReceipt(folder: string, receipt: Receipt): Promise<string> {
  const stamp = receipt.endedAt.replaceAll(/[:.]/g, "").slice(0, 17);
  const path = join(folder, `destroy-${receipt.infraID}-${stamp}.json`);
  await writeFileAtomic(path, `${JSON.stringify(receipt, null, 2)}\n`);
  return path;
}
