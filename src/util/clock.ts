import { setTimeout as delay } from "node:timers/promises";

/** The time, so that pure code and tests can be given their own. */
export interface Clock {
  now(): Date;
  /** Waits; rejects with the signal's reason when it is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** A timer of Node's that is set to more fires after one millisecond. Source: nodejs.org/api/timers.html */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    try {
      await delay(milliseconds, undefined, signal ? { signal } : {});
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : error;
    }
  },
};
