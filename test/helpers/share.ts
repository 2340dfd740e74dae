/**
 * Tests with many cases try a share of them in every run, and all of them nightly: the `nightly` stage of tools/testing/stages.ts sets
 * VIRT_IPI_TEST_ALL. Which cases the share holds does not change from run to run, but where fast-check draws them.
 */
const ALL = process.env["VIRT_IPI_TEST_ALL"] === "1";
const ONE_IN = 4;

/** @param all how many of something a nightly run has */
export const share = (all: number, oneIn = ONE_IN): number => (ALL ? all : Math.ceil(all / oneIn));

/** @param offset of the share: one that counts the rows of a table has each row try other columns */
export const shareOf = <T>(cases: readonly T[], offset = 0, oneIn = ONE_IN): readonly T[] =>
  ALL ? cases : cases.filter((_case, index) => (index + offset) % oneIn === 0);
