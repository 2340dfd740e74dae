import { access, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { listParts, setUp } from "../../../setup/driver.ts";
import type { HostPart } from "../../../setup/part.ts";
import { createFixture, fakePart } from "./fixture.ts";

const sources = (rows: readonly { id: string; source: string }[]): string[] => rows.map(({ id, source }) => `${id} ${source}`);

describe("setUp", () => {
  it("builds a part once, links its programs, and then finds it in the cache", async () => {
    await using fixture = await createFixture();
    const part = fakePart({ id: "tool" });
    expect(sources(await listParts(fixture.options([part])))).toEqual(["tool missing"]);
    expect(sources(await setUp(fixture.options([part])))).toEqual(["tool built"]);
    expect((await run(join(fixture.cacheDir, "bin/tool"), [])).stdout).toBe("tool");
    const again = await setUp(fixture.options([part]));
    expect(sources(again)).toEqual(["tool cached"]);
    expect(await listParts(fixture.options([part]))).toEqual(again);
    expect(part.builds()).toBe(1);
  });

  it("keeps the sha256 and the size of every file", async () => {
    await using fixture = await createFixture();
    const [row] = await setUp(fixture.options([fakePart({ id: "tool" })]));
    const manifest = JSON.parse(await readFile(join(row?.path ?? "", "manifest.json"), "utf8")) as unknown;
    // printf '#!/bin/sh\necho tool\n' | sha256sum
    const sha256 = "bf664cf84f00f6ed76164c8457fdeaf8e4dee547226e9ffcf8274e2d2246fed9";
    expect(manifest).toMatchObject({ id: "tool", version: "v1.0.0", source: "built", files: [{ path: "tool", size: 20, sha256 }] });
  });

  it.each([
    ["changed, with the same size", (path: string) => writeFile(path, "#!/bin/sh\necho evil\n"), "tool does not have its sha256"],
    ["cut short", (path: string) => writeFile(path, "#!/bin/sh\n"), "tool has 10 bytes instead of 20"],
  ])("notices a cached file that was %s, says so and builds anew", async (_what, damage, reason) => {
    await using fixture = await createFixture();
    const part = fakePart({ id: "tool" });
    await setUp(fixture.options([part]));
    // The link and the cached file are one file, so this damages both.
    await damage(join(fixture.cacheDir, "bin/tool"));
    expect(sources(await listParts(fixture.options([part])))).toEqual(["tool missing"]);
    expect(sources(await setUp(fixture.options([part])))).toEqual(["tool built"]);
    expect(fixture.logged).toContain(`tool: the cached copy is not used: ${reason}`);
    expect((await run(join(fixture.cacheDir, "bin/tool"), [])).stdout).toBe("tool");
    expect(part.builds()).toBe(2);
  });

  it("brings only what is asked for, and what that needs", async () => {
    await using fixture = await createFixture();
    const rare = fakePart({ id: "rare", needs: ["tool"] });
    const parts = [fakePart({ id: "tool" }), rare];
    expect(sources(await setUp(fixture.options(parts, { only: ["tool"] })))).toEqual(["tool built"]);
    expect(rare.builds()).toBe(0);
    expect(sources(await setUp(fixture.options(parts, { only: ["rare"] })))).toEqual(["tool cached", "rare built"]);
  });

  it("mends a link that was replaced, without building", async () => {
    await using fixture = await createFixture();
    const part = fakePart({ id: "tool" });
    await setUp(fixture.options([part]));
    const link = join(fixture.cacheDir, "bin/tool");
    await run("rm", [link]);
    await writeFile(link, "#!/bin/sh\necho evil\n", { mode: 0o755 });
    expect(sources(await setUp(fixture.options([part])))).toEqual(["tool cached"]);
    expect((await run(link, [])).stdout).toBe("tool");
  });

  it("builds anew when the recipe changed, and again finds the old result when it changed back", async () => {
    await using fixture = await createFixture();
    const part = fakePart({ id: "tool", inputs: ["recipe"] });
    await fixture.write("recipe", "1");
    await setUp(fixture.options([part]));
    await fixture.write("recipe", "2");
    expect(sources(await setUp(fixture.options([part])))).toEqual(["tool built"]);
    await fixture.write("recipe", "1");
    expect(sources(await setUp(fixture.options([part])))).toEqual(["tool cached"]);
  });

  it("keeps the three results that were used last", async () => {
    await using fixture = await createFixture();
    const part = fakePart({ id: "tool", inputs: ["recipe"] });
    for (const text of ["1", "2", "3", "4"]) {
      await fixture.write("recipe", text);
      await setUp(fixture.options([part]));
    }
    await fixture.write("recipe", "2");
    expect(sources(await setUp(fixture.options([part])))).toEqual(["tool cached"]);
    await fixture.write("recipe", "1");
    expect(sources(await setUp(fixture.options([part])))).toEqual(["tool built"]);
  });

  it("caches nothing of a build that failed, and leaves nothing behind", async () => {
    await using fixture = await createFixture();
    const failing = fakePart({
      id: "tool",
      build: async (_context, into) => {
        await writeFile(join(into, "tool"), "half");
        throw new Error("the compiler is ill");
      },
    });
    await expect(setUp(fixture.options([failing]))).rejects.toThrow("the compiler is ill");
    await expect(access(join(fixture.cacheDir, "bin/tool"))).rejects.toThrow();
    expect((await run("find", [join(fixture.cacheDir, "tmp"), "-mindepth", "1"])).stdout).toBe("");
    expect(sources(await setUp(fixture.options([fakePart({ id: "tool" })])))).toEqual(["tool built"]);
  });

  it("does not keep a result whose recipe was changed meanwhile, since it could be of either", async () => {
    await using fixture = await createFixture();
    await fixture.write("recipe", "1");
    const part = fakePart({
      id: "tool",
      inputs: ["recipe"],
      build: async (_context, into) => {
        await writeFile(join(into, "tool"), "x");
        await fixture.write("recipe", "2");
      },
    });
    await expect(setUp(fixture.options([part]))).rejects.toMatchObject({ id: "SETUP_BUILD_FAILED" });
    expect(sources(await listParts(fixture.options([part])))).toEqual(["tool missing"]);
    await fixture.write("recipe", "1");
    expect(sources(await listParts(fixture.options([part])))).toEqual(["tool missing"]);
  });

  it("looks for a compiler only when it comes to building", async () => {
    await using fixture = await createFixture();
    let looked = 0;
    const go: HostPart = {
      kind: "host",
      id: "go",
      version: "1",
      needs: [],
      locate: () => {
        looked += 1;
        return Promise.resolve({ version: "1", path: "/go", programs: { go: "/go" } });
      },
      install: () => Promise.reject(new Error("not needed")),
    };
    let given: Readonly<Record<string, string>> = {};
    const part = fakePart({
      id: "tool",
      buildNeeds: ["go"],
      build: async (context, into) => {
        given = context.bin;
        await writeFile(join(into, "tool"), "x");
      },
    });
    await setUp(fixture.options([go, part], { only: ["tool"] }));
    expect(given).toEqual({ go: "/go" });
    await setUp(fixture.options([go, part], { only: ["tool"] }));
    expect(looked).toBe(1);
  });

  it("takes a suitable installed copy instead of making one", async () => {
    await using fixture = await createFixture();
    const part = fakePart({ id: "tool", locate: () => Promise.resolve({ version: "v1.0.3", path: "/opt/tool", programs: { tool: "/opt/tool" } }) });
    expect(await setUp(fixture.options([part]))).toEqual([
      { id: "tool", version: "v1.0.3", source: "installed", path: "/opt/tool", size: undefined, programs: { tool: "/opt/tool" } },
    ]);
    expect(part.builds()).toBe(0);
  });

  it("fails when an installation brings nothing", async () => {
    await using fixture = await createFixture();
    const host: HostPart = {
      kind: "host",
      id: "packages",
      version: "1",
      needs: [],
      locate: () => Promise.resolve(undefined),
      install: () => Promise.resolve(),
    };
    await expect(setUp(fixture.options([host]))).rejects.toMatchObject({ id: "SETUP_PACKAGES_MISSING" });
  });

  it("builds what a download could not bring or prove", async () => {
    await using fixture = await createFixture();
    const downloads = [{ url: "http://127.0.0.1/tool", sha256: "0" }];
    const unreachable = fakePart({ id: "tool", downloads });
    const partly = async (_all: unknown, into: string): Promise<boolean> => {
      await writeFile(join(into, "half-of-it"), "x");
      return false;
    };
    const [row] = await setUp(fixture.options([unreachable], { offline: false, download: partly }));
    expect(row).toMatchObject({ source: "built", programs: { tool: join(fixture.cacheDir, "bin/tool") } });
    expect(Object.keys(row?.programs ?? {})).toEqual(["tool"]);
    const wrong = fakePart({
      id: "other",
      downloads,
      check: async (_context, folder) => {
        if ((await stat(join(folder, "other"))).size < 10) throw new Error("other does not say its version");
      },
    });
    const download = async (_all: unknown, into: string): Promise<boolean> => {
      await writeFile(join(into, "other"), "wrong");
      return true;
    };
    expect(sources(await setUp(fixture.options([wrong], { offline: false, download })))).toEqual(["other built"]);
    expect(fixture.logged).toContain("other: the download is not used: other does not say its version");
  });

  it("builds two at a time, each after what it needs, and tells them in the order of the parts", async () => {
    await using fixture = await createFixture();
    let running = 0;
    const most: number[] = [];
    const part = (id: string, needs: readonly string[] = []) =>
      fakePart({
        id,
        needs,
        build: async (context, into) => {
          most.push(++running);
          for (const need of needs) expect(context.bin).toHaveProperty(need);
          // The first waits for the second; a third beside them would have time to come.
          while (most.length < 2) await delay(1);
          await delay(20);
          await writeFile(join(into, id), "#!/bin/sh\n");
          running -= 1;
        },
      });
    const parts = [part("a"), part("b"), part("c"), part("d", ["a", "c"])];
    expect(sources(await setUp(fixture.options(parts)))).toEqual(["a built", "b built", "c built", "d built"]);
    expect(Math.max(...most)).toBe(2);
  });

  it("builds a part after those whose modules it shares, where they are wanted", async () => {
    await using fixture = await createFixture();
    const begun: string[] = [];
    const shared = (id: string, buildsAfter?: readonly string[]) =>
      fakePart({
        id,
        buildsAfter,
        build: async (_context, into) => {
          begun.push(`${id} begins`);
          await delay(20);
          await writeFile(join(into, id), "#!/bin/sh\n");
          begun.push(`${id} ends`);
        },
      });
    const parts = [shared("tool", ["program"]), shared("program"), shared("other", ["absent"])];
    await setUp(fixture.options(parts));
    expect(begun.indexOf("tool begins")).toBeGreaterThan(begun.indexOf("program ends"));
    begun.length = 0;
    await setUp({ ...fixture.options(parts), cacheDir: `${fixture.cacheDir}-2`, only: ["tool"] });
    expect(begun).toEqual(["tool begins", "tool ends"]);
  });

  it("builds first what others wait for, also when it can be built later than what waits for its turn", async () => {
    await using fixture = await createFixture();
    const begun: string[] = [];
    // Two can begin at once: who comes later to the free places is not left to the disk.
    const comesAfter: Readonly<Record<string, string>> = { a: "kubernetes", b: "a", c: "a", d: "a" };
    const imageWaits = Promise.withResolvers<void>();
    let located = false;
    // What is asked of the image last, before it waits for its turn.
    const lastQuestion = Object.assign<string[], object>([], {
      includes: () => {
        if (located) setImmediate(imageWaits.resolve);
        return false;
      },
    });
    const timed = (id: string, seconds: number, needs: readonly string[] = []) =>
      fakePart({
        id,
        seconds,
        needs,
        buildsAfter: id === "image" ? lastQuestion : undefined,
        locate: async () => {
          const first = comesAfter[id];
          while (first !== undefined && !begun.includes(first)) await delay(1);
          located ||= id === "image";
          return undefined;
        },
        build: async (_context, into) => {
          begun.push(id);
          if (id === "a" || id === "b") await imageWaits.promise;
          await writeFile(join(into, id), "#!/bin/sh\n");
        },
      });
    const programs = [timed("kubernetes", 9), timed("a", 8), timed("b", 7), timed("c", 6), timed("d", 5)];
    await setUp(fixture.options([...programs, timed("image", 1, ["kubernetes"]), timed("packed", 1, ["image"])]));
    expect(begun.slice(0, 2)).toEqual(["kubernetes", "a"]);
    expect(begun.indexOf("image")).toBeLessThan(begun.indexOf("c"));
    expect(begun).toHaveLength(7);
  });

  it("stops the other build when one fails, and tells the failure", async () => {
    await using fixture = await createFixture();
    let stopped = false;
    const long = fakePart({
      id: "long",
      build: async ({ signal }) => {
        await delay(10_000, undefined, { signal }).catch(() => (stopped = true));
        signal.throwIfAborted();
      },
    });
    const broken = fakePart({ id: "broken", build: () => Promise.reject(new Error("no compiler")) });
    const needy = fakePart({ id: "needy", needs: ["broken"] });
    await expect(setUp(fixture.options([long, broken, needy]))).rejects.toThrow("no compiler");
    expect([stopped, needy.builds()]).toEqual([true, 0]);
  });
});
