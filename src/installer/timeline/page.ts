import { createHash } from "node:crypto";
import { spreadOf } from "../history/estimate.ts";
import { clock, gantt, type GanttBar, type GanttRow } from "./gantt.ts";
import { Html, html } from "./html.ts";
import type { Bar, PhaseRecord, Records, RunRecord } from "./records.ts";
import { STYLE } from "./style.ts";

/** What the page shows. Its texts have no secrets in them. */
export interface Timeline extends Records {
  readonly cluster: string;
  readonly runs: readonly ComparedRun[];
  readonly writtenAt: Date;
  /** The end of each machine's console, by machine; what cannot be read says why. */
  readonly consoles: ReadonlyMap<string, string>;
}

export interface ComparedRun extends RunRecord {
  /** How long each phase took in earlier runs of the kind on this host, in milliseconds; by phase. */
  readonly earlier: ReadonlyMap<string, readonly number[]>;
}

/** In one piece: its hash is that of every byte between the tags. */
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);

const MOST_RESOURCES = 200;
const MOST_WARNINGS = 100;

/**
 * One HTML file that needs nothing else: no script, no picture, no font; its policy allows no source but its own style.
 * Texts of any origin in it are text.
 */
export function timelinePage(timeline: Timeline): string {
  const { cluster, writtenAt, runs, machines, consoles } = timeline;
  const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`;
  return html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Timeline of ${cluster}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <h1>Timeline of ${cluster}</h1>
        <p class="quiet">Written ${writtenAt.toISOString()}. Times of charts count from the start of the run.</p>
        ${runs.length === 0 ? html`<p>No run of this folder is on record.</p>` : runs.map(runSection)}
        ${machines.length === 0 ? undefined : clusterMachines(machines)} ${consoles.size === 0 ? undefined : consoleSection(consoles)}
      </body>
    </html> `.text;
}

function runSection(run: ComparedRun): Html {
  const { command, version, startMs, endMs, phases, resources, warnings, earlier } = run;
  const isMachine = ({ kind }: Bar): boolean => /machine$/i.test(kind);
  const others = resources.filter((bar) => !isMachine(bar));
  return html`<section>
    <h2>${command}</h2>
    <p class="quiet">${new Date(startMs).toISOString()}, ${clock(endMs - startMs)}, virt-ipi ${version}</p>
    ${gantt(
      `Phases of ${command}`,
      phases.map((phase) => phaseRow(phase, run, earlier.get(phase.phase))),
      endMs - startMs,
    )}
    ${phaseTable(phases, endMs, earlier)} ${machineChart(resources.filter(isMachine), run)}
    ${
      others.length === 0
        ? undefined
        : html`<details>
            <summary>Other resources: ${others.length}</summary>
            ${gantt(
              `Other resources of ${command}`,
              lanes(others.slice(0, MOST_RESOURCES), startMs, endMs, ({ kind, name }) => `${kind} ${name}`),
              endMs - startMs,
            )}
            ${others.length > MOST_RESOURCES ? html`<p>and ${others.length - MOST_RESOURCES} more</p>` : undefined}
          </details>`
    }
    ${
      warnings.length === 0
        ? undefined
        : html`<details>
            <summary>Warnings and errors: ${warnings.length}</summary>
            <table>
              <tbody>
                ${warnings.slice(0, MOST_WARNINGS).map(
                  ({ atMs, message }) =>
                    html`<tr>
                      <td class="number">${clock(atMs - startMs)}</td>
                      <td>${message}</td>
                    </tr> `,
                )}
              </tbody>
            </table>
          </details>`
    }
  </section> `;
}

function machineChart(bars: readonly Bar[], { command, startMs, endMs }: RunRecord): Html | undefined {
  if (bars.length === 0) return undefined;
  return html`<h3>Machines</h3>
    ${gantt(
      `Machines of ${command}`,
      lanes(bars, startMs, endMs, ({ name }) => name),
      endMs - startMs,
    )}`;
}

function clusterMachines(bars: readonly Bar[]): Html {
  const startMs = Math.min(...bars.map((bar) => bar.startMs));
  const endMs = Math.max(...bars.map((bar) => bar.endMs ?? bar.startMs));
  return html`<section>
    <h2>Machines of the cluster's own</h2>
    <p class="quiet">Created and removed as its MachineSets asked, from ${new Date(startMs).toISOString()}.</p>
    ${gantt(
      "Machines that the cluster created and removed",
      lanes(bars, startMs, endMs, ({ name }) => name),
      endMs - startMs,
    )}
  </section> `;
}

function consoleSection(consoles: ReadonlyMap<string, string>): Html {
  return html`<section>
    <h2>Consoles</h2>
    ${[...consoles].map(
      ([machine, text]) =>
        html`<details>
          <summary>${machine}</summary>
          <pre>${text}</pre>
        </details> `,
    )}
  </section> `;
}

const OUTCOMES = { done: "done", skipped: "skipped", failed: "failed", interrupted: "unfinished" } as const;

function phaseRow({ phase, title, startMs, endMs, outcome }: PhaseRecord, run: RunRecord, earlier: readonly number[] = []): GanttRow {
  const start = startMs - run.startMs;
  const end = (endMs ?? run.endMs) - run.startMs;
  const usual = earlier.length === 0 ? undefined : spreadOf(earlier).middle;
  const bars: GanttBar[] = [
    {
      startMs: start,
      endMs: end,
      state: outcome === undefined ? "unfinished" : OUTCOMES[outcome],
      hint: `${title}: ${outcome ?? "unfinished"} after ${clock(end - start)}`,
    },
  ];
  if (usual !== undefined && outcome !== "skipped")
    bars.push({ startMs: start, endMs: start + usual, state: "earlier", hint: `${clock(usual)} in ${earlier.length} earlier runs` });
  return { label: phase, bars };
}

function phaseTable(phases: readonly PhaseRecord[], endMs: number, earlier: ReadonlyMap<string, readonly number[]>): Html {
  return html`<table>
    <thead>
      <tr>
        <th>phase</th>
        <th>outcome</th>
        <th>took</th>
        <th>earlier runs</th>
        <th>cause</th>
      </tr>
    </thead>
    <tbody>
      ${phases.map((each) => {
        const samples = earlier.get(each.phase) ?? [];
        const took = (each.endMs ?? endMs) - each.startMs;
        return html`<tr>
          <td>${each.title}</td>
          <td class="${each.outcome ?? "unfinished"}">${each.outcome ?? "unfinished"}</td>
          <td class="number">${clock(took)}</td>
          <td>
            ${
              samples.length === 0
                ? ""
                : `${clock(spreadOf(samples).middle)} (${samples.length}), ${clock(Math.min(...samples))} to ${clock(Math.max(...samples))}`
            }
          </td>
          <td>${each.cause ?? ""}</td>
        </tr> `;
      })}
    </tbody>
  </table> `;
}

/** A row for each name, with all that was done to it. */
function lanes(bars: readonly Bar[], startMs: number, endMs: number, labelOf: (bar: Bar) => string): readonly GanttRow[] {
  const rows = new Map<string, GanttBar[]>();
  for (const bar of bars) {
    const end = bar.endMs ?? endMs;
    const state = bar.failed ? "failed" : bar.endMs === undefined ? "unfinished" : "done";
    const label = labelOf(bar);
    rows.set(label, [
      ...(rows.get(label) ?? []),
      { startMs: bar.startMs - startMs, endMs: end - startMs, state, hint: `${bar.operation} ${bar.name}: ${state}, ${clock(end - bar.startMs)}` },
    ]);
  }
  return [...rows].map(([label, each]) => ({ label, bars: each }));
}
