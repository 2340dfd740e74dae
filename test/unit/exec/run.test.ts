import { describe, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";

/** A program that says this on standard error and fails. */
const failing = (said: string) => run(process.execPath, ["-e", "process.stderr.write(process.argv[1]); process.exit(2)", said]);

const STACK = Array.from({ length: 20 }, (_, i) => `net/http.(*Request).write(0x${i})\n\tnet/http/request.go:${i} +0xa86`).join("\n");

describe("a program that fails", () => {
  it("is quoted with its last lines", async () => {
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`).join("\n");
    await expect(failing(lines)).rejects.toThrow(/^\S+ failed: line 12\n(.*\n){6}line 19$/);
  });

  it.each(["panic: send on closed channel", "fatal error: all goroutines are asleep - deadlock!"])(
    "is quoted with the cause of its crash: %s",
    async (cause) => {
      const message = await failing(`progress 10%\n${cause}\n\ngoroutine 8 [running]:\n${STACK}\n`).catch(String);
      expect(message).toContain(`crashed: ${cause}`);
      expect(message).not.toContain("request.go");
    },
  );

  it("is not said to have crashed because it says so of another", async () => {
    await expect(failing("kernel panic: seen\npanic: of the guest\nlast")).rejects.toThrow(/failed: kernel panic/);
  });
});
