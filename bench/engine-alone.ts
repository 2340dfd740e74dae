import type { StackDriver } from "../src/stack/index.ts";
import { stackBench, Thing, type StackBench } from "../test/helpers/stack-bench.ts";
import type { Side } from "./measure.ts";

/**
 * What no program can be faster than: an `up` of as many resources as the measured one makes, whose provider only writes a line for each.
 * @param count called when it runs, since the program that is measured reports it
 */
export function engineAlone(count: () => number): Side {
  let bench: StackBench | undefined;
  let driver: StackDriver | undefined;
  return {
    title: "the engine alone, with as many resources that do nothing",
    before: async () => {
      bench = await stackBench();
      driver = await bench.open();
    },
    run: async () => {
      const { things: folder = "" } = bench ?? {};
      await driver?.up(() => {
        for (let index = 0; index < count(); index++) new Thing({ name: `thing-${index}`, folder });
        return Promise.resolve({});
      });
    },
    after: async () => await bench?.remove(),
  };
}
