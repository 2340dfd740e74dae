import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { timelinePage } from "../../src/installer/timeline/page.ts";
import { recordsOf } from "../../src/installer/timeline/records.ts";
import { openInBrowser, type Page } from "../helpers/browser.ts";
import { HOSTILE, pastOfAFolder } from "../helpers/past-of-a-folder.ts";

/** The timeline as a person sees it, in a real browser that has no network. */
let root: string;
let page: Page;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "virt-ipi-timeline-"));
  const { journal, log } = pastOfAFolder();
  const { runs, machines } = recordsOf(journal, log);
  const file = join(root, "timeline.html");
  await writeFile(
    file,
    timelinePage({
      cluster: "demo",
      writtenAt: new Date("2026-03-01T13:00:00Z"),
      runs: runs.map((run) => ({ ...run, earlier: new Map([["create-infrastructure", [30_000, 40_000]]]) })),
      machines,
      consoles: new Map([["demo-x7k2p-master-0", HOSTILE]]),
    }),
  );
  page = await openInBrowser(file);
});
afterAll(async () => {
  await page?.close();
  await rm(root, { recursive: true, force: true });
});

it("is complete in itself: asks for nothing, breaks no policy, runs nothing", async () => {
  expect(await page.value("document.title")).toBe("Timeline of demo");
  expect(page.events("Network.requestWillBeSent").map(({ documentURL }) => documentURL)).toEqual([`file://${root}/timeline.html`]);
  expect(page.events("Log.entryAdded")).toEqual([]);
  expect(page.events("Audits.issueAdded")).toEqual([]);
  expect(await page.value("window.hacked ?? null")).toBeNull();
  expect(await page.value("document.querySelectorAll('script, img').length")).toBe(0);
  expect(await page.value("document.querySelector('pre').textContent.includes('<script>window.hacked=1</script>')")).toBe(true);
});

it("draws each phase and machine where it belongs in time", async () => {
  const boxes = await page.value<readonly { label: string; left: number; right: number }[]>(`
    [...document.querySelector('svg').querySelectorAll('rect:not(.earlier)')].map((rect) => {
      const { left, right } = rect.getBoundingClientRect();
      return { label: rect.textContent, left, right };
    })`);
  expect(boxes.map(({ label }) => label.replace(/:.*/, ""))).toEqual([
    "Title of preflight",
    "Title of create-infrastructure",
    "Title of bootstrap-complete",
  ]);
  const [first, second, third] = boxes.map(({ left, right }) => ({ left, right }));
  const zero = first?.left ?? 0;
  const perSecond = ((third?.right ?? 0) - zero) / 125;
  expect((second?.left ?? 0) - zero).toBeCloseTo(5 * perSecond, 0);
  expect((second?.right ?? 0) - zero).toBeCloseTo(65 * perSecond, 0);
});

describe.each(["light", "dark"])("in %s", (scheme) => {
  it("can be read", async () => {
    await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
    const contrasts = await page.value<readonly (readonly [string, number])[]>(`(() => {
      const channels = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((each) => Number(each) / 255);
      const light = (colour) => channels(colour).map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
        .reduce((sum, each, index) => sum + each * [0.2126, 0.7152, 0.0722][index], 0);
      const back = light(getComputedStyle(document.body).backgroundColor);
      const contrast = (colour) => { const front = light(colour); return (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05); };
      return [
        ...['body', '.quiet', 'td.failed'].map((each) => [each, contrast(getComputedStyle(document.querySelector(each)).color)]),
        ...['svg text', 'rect.done', 'rect.failed', 'rect.unfinished', 'rect.earlier'].map((each) => [each, contrast(getComputedStyle(document.querySelector(each)).fill)]),
      ];
    })()`);
    // Source: WCAG 2.2, 1.4.3 for text and 1.4.11 for graphics
    for (const [what, contrast] of contrasts) expect(contrast, what).toBeGreaterThan(what.startsWith("rect") ? 3 : 4.5);
    const dark = await page.value<boolean>("getComputedStyle(document.body).backgroundColor === 'rgb(13, 17, 23)'");
    expect(dark).toBe(scheme === "dark");
  });
});

it("is not wider than a small screen", async () => {
  await page.send("Emulation.setDeviceMetricsOverride", { width: 420, height: 800, deviceScaleFactor: 1, mobile: false });
  expect(await page.value("document.documentElement.scrollWidth")).toBeLessThanOrEqual(420);
});
