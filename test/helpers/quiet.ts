import { setTimeout as delay } from "node:timers/promises";

/** Time in which something would happen that must not, before a test looks whether it has. What shall happen is polled for instead. */
export const quiet = async (milliseconds: number): Promise<void> => await delay(milliseconds);
