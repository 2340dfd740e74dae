import { expect, it } from "vitest";
import { warnOfAges } from "../../../src/installer/certificate-ages.ts";
import { CA } from "../config/verdicts/support.ts";

/** What is said of the certificate of the fixtures, which begins on 2026-11-21, at a time. */
async function saidAt(time: string): Promise<readonly string[]> {
  const said: string[] = [];
  const world: Parameters<typeof warnOfAges>[0] = {
    clock: { now: () => new Date(time), sleep: () => Promise.resolve() },
    reporter: { emit: (event) => "message" in event && said.push(event.message) },
  };
  await warnOfAges(world, { assets: new Map([["bootstrap.ign", { content: CA, mode: 0o600 }]]) } as unknown as Parameters<typeof warnOfAges>[1]);
  return said;
}

it("asks for the clock where a certificate has not begun", async () => {
  expect(await saidAt("2026-11-21T06:00:00Z")).toEqual([
    "certificate CN=test-ca of bootstrap.ign begins only at 2026-11-21T06:10:08.000Z: is the clock of this host right?",
  ]);
  expect(await saidAt("2026-11-21T06:10:09Z")).toEqual([]);
});
