import { describe, expect, it } from "vitest";
import { InstallerError } from "../../../src/errors/index.ts";
import { failed, ok, type Check } from "../../../src/providers/preflight/check.ts";
import { runChecks } from "../../../src/providers/preflight/run-checks.ts";

interface Input {
  readonly signal: AbortSignal;
}

const input = (): Input => ({ signal: new AbortController().signal });
const check = (id: string, needs: readonly string[] = [], run: Check<Input>["run"] = () => Promise.resolve(ok("fine"))): Check<Input> => ({
  id,
  title: `title of ${id}`,
  needs,
  run,
});

describe("preflight checks", () => {
  it("wait for each other only where one needs the other, and are told in their order", async () => {
    const gate = Promise.withResolvers<undefined>();
    const ran: string[] = [];
    const told = (id: string): Promise<{ outcome: "ok"; found: string }> => {
      ran.push(id);
      return Promise.resolve({ outcome: "ok", found: "fine" });
    };
    const results = await runChecks(
      [
        check("slow", [], async () => {
          await gate.promise;
          return await told("slow");
        }),
        check("after", ["slow"], () => told("after")),
        check("free", [], () => {
          gate.resolve(undefined);
          return told("free");
        }),
      ],
      input(),
      new Set(),
    );
    expect(ran).toEqual(["free", "slow", "after"]);
    expect(results.map(({ id }) => id)).toEqual(["slow", "after", "free"]);
  });

  it("are left out where what they need has failed, with the first that did, and not where it was left out as asked", async () => {
    const bad = (): Promise<ReturnType<typeof failed>> => Promise.resolve(failed("bad", "fix it"));
    const checks = [check("a", [], bad), check("b", ["a"], bad), check("c", ["a", "b"]), check("d", ["e"])];
    expect(await runChecks([...checks.slice(0, 3)], input(), new Set())).toEqual([
      { id: "a", title: "title of a", outcome: "failed", found: "bad", fix: "fix it" },
      { id: "b", title: "title of b", outcome: "skipped", found: "needs a" },
      { id: "c", title: "title of c", outcome: "skipped", found: "needs a" },
    ]);
    const skipped = await runChecks(checks.slice(0, 3), input(), new Set(["a"]));
    expect(skipped.map(({ outcome, found }) => `${outcome}: ${found}`)).toEqual(["skipped: skipped as asked", "failed: bad", "skipped: needs b"]);
  });

  it("are not run where one is to be left out that does not exist, and those that do are named", async () => {
    let ran = 0;
    const counted = check("a", [], () => Promise.resolve(ok(`${ran++}`)));
    await expect(runChecks([counted, check("b")], input(), new Set(["a", "typo"]))).rejects.toMatchObject({
      id: "USAGE",
      value: "typo",
      advice: "Give --skip one of: a, b.",
    });
    expect(ran).toBe(0);
  });

  it("make a failed result of what they throw, with its advice", async () => {
    const throws = check("a", [], () => Promise.reject(new InstallerError("LIBVIRT_FAILED", "no answer", { advice: "start it" })));
    expect(await runChecks([throws], input(), new Set())).toEqual([
      { id: "a", title: "title of a", outcome: "failed", found: "no answer", fix: "start it" },
    ]);
  });

  it("end with the reason of an interruption", async () => {
    const controller = new AbortController();
    const interrupted = new InstallerError("INTERRUPTED", "stopped");
    const throws = check("a", [], () => {
      controller.abort(interrupted);
      return Promise.reject(new Error("killed"));
    });
    await expect(runChecks([throws, check("b")], { signal: controller.signal }, new Set())).rejects.toBe(interrupted);
  });
});
