import pLimit from "p-limit";

/** Runs work when its turn comes. @param place of those that wait the lowest goes first */
export type Turns = <T>(place: number, work: () => Promise<T>) => Promise<T>;

/** @param atATime how much work runs at the same time */
export function createTurns(atATime: number): Turns {
  const limit = pLimit(atATime);
  const waiting: { readonly place: number; readonly start: () => Promise<void> }[] = [];
  return (place, work) =>
    new Promise((resolve, reject) => {
      waiting.push({ place, start: () => work().then(resolve, reject) });
      // Whose turn it is says the place, not who came first.
      void limit(async () => {
        const next = waiting.reduce((best, each) => (each.place < best.place ? each : best));
        waiting.splice(waiting.indexOf(next), 1);
        await next.start();
      });
    });
}
