import { join } from "node:path";
import { expect, it } from "vitest";
import { GO_FLAGS } from "../../../setup/go-build.ts";
import { go } from "../../../setup/parts/go.ts";
import { ROOT } from "../../../setup/paths.ts";
import { run } from "../../../src/exec/index.ts";

const MINUTE = 60_000;

/** The tests in Go of what is in Go. With the flags of set-up's build, so that nothing is compiled twice. */
it(
  "the actuator's client passes its own tests",
  async () => {
    const signal = AbortSignal.timeout(10 * MINUTE);
    const located = await go.locate?.({ root: ROOT, cacheDir: "/nonexistent", env: process.env, run, log: () => undefined, signal, bin: {} });
    expect(located).toBeDefined();
    const { stdout } = await run(located?.programs["go"] ?? "go", ["test", ...GO_FLAGS, "-ldflags=-s -w", "-vet=off", "-v", "./actuator"], {
      cwd: join(ROOT, "plugins/machine-api"),
      env: { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" },
      timeoutMs: 10 * MINUTE,
      signal,
    });
    expect(stdout.match(/^--- PASS: /gm)?.length).toBeGreaterThanOrEqual(5);
    expect(stdout).not.toMatch(/^--- (SKIP|FAIL)/m);
  },
  12 * MINUTE,
);
