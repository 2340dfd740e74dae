import pLimit, { type LimitFunction } from "p-limit";

/** One after the other for each key, and all keys side by side. A key is forgotten with its last call. */
export class CallQueue {
  readonly #lanes = new Map<string, LimitFunction>();

  async run<T>(key: string, call: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(key) ?? pLimit(1);
    this.#lanes.set(key, lane);
    try {
      return await lane(call);
    } finally {
      if (lane.activeCount + lane.pendingCount === 0 && this.#lanes.get(key) === lane) this.#lanes.delete(key);
    }
  }

  /** Keys that have a call running or waiting. */
  get size(): number {
    return this.#lanes.size;
  }
}
