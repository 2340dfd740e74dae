import { expect, it } from "vitest";
import { formatSeconds, Progress } from "../../../setup/progress.ts";
import { fakePart } from "./fixture.ts";

it("tells how long the rest will take: what waits, what works, what comes after, at the pace of what is done", () => {
  let now = 0;
  const [slow, quick, image, other] = [
    fakePart({ id: "slow", seconds: 100 }),
    fakePart({ id: "quick", seconds: 20 }),
    fakePart({ id: "image", seconds: 30, needs: ["slow"] }),
    fakePart({ id: "other", seconds: 40 }),
  ];
  const clock = { now: () => new Date(now * 1_000), sleep: () => Promise.resolve() };
  const progress = new Progress(clock, [slow, quick, image, other], 2);
  expect(progress.secondsLeft()).toBe(0);
  // Already there.
  expect(progress.settled(other)).toBeUndefined();
  for (const part of [slow, quick]) progress.queued(part);
  // No sooner than the longest, and then the image.
  expect(progress.secondsLeft()).toBe(130);
  for (const part of [slow, quick]) progress.started(part);
  now = 40;
  // Twice as long as thought, which one short build does not say of all the others.
  expect(progress.settled(quick)).toBe(40);
  const little = (40 + 300) / (20 + 300);
  expect(progress.secondsLeft()).toBe(Math.round(100 * little - 40 + 30 * little));
  now = 240;
  expect(progress.settled(slow)).toBe(240);
  progress.queued(image);
  expect(progress.secondsLeft()).toBe(Math.round(30 * ((280 + 300) / (120 + 300))));
  progress.settled(image);
  expect(progress.secondsLeft()).toBe(0);
});

it("tells seconds, then minutes", () => {
  expect([undefined, 0, 89, 90, 566].map(formatSeconds)).toEqual(["-", "0 s", "89 s", "2 min", "9 min"]);
});
