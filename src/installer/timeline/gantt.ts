import { html, type Html } from "./html.ts";

export interface GanttBar {
  /** Milliseconds on the chart's own axis. */
  readonly startMs: number;
  readonly endMs: number;
  /** How it ended: decides its colour. `earlier`: what it usually takes. */
  readonly state: "done" | "failed" | "skipped" | "unfinished" | "earlier";
  /** Shown when it is pointed at. */
  readonly hint: string;
}

export interface GanttRow {
  readonly label: string;
  readonly bars: readonly GanttBar[];
}

const LABELS = 260;
const WIDTH = 1_000;
const ROW = 22;
const AXIS = 24;
/** A bar of no time at all can still be seen. */
const NARROWEST = 2;
const LONGEST_LABEL = 38;
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400].map((seconds) => seconds * 1_000);
const MOST_TICKS = 8;

/**
 * One row each for what is done, on one axis of time that begins with zero.
 * @param title what a screen reader says of it
 * @param leastMs how long the axis is at least, so that charts of one run can be compared
 */
export function gantt(title: string, rows: readonly GanttRow[], leastMs: number): Html {
  const lengthMs = Math.max(1_000, leastMs, ...rows.flatMap(({ bars }) => bars.map(({ endMs }) => endMs)));
  const x = (ms: number): number => round(LABELS + (Math.min(Math.max(ms, 0), lengthMs) / lengthMs) * (WIDTH - LABELS - 40));
  const height = AXIS + rows.length * ROW + 4;
  return html`<div class="chart">
    <svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
      ${ticks(lengthMs).map(
        (ms) =>
          html`<line class="tick" x1="${x(ms)}" y1="${AXIS - 6}" x2="${x(ms)}" y2="${height}" /><text class="tick" x="${x(ms)}" y="12"
              >${clock(ms)}</text
            > `,
      )}${rows.map(({ label, bars }, index) => {
        const top = AXIS + index * ROW;
        return html`<text x="0" y="${top + 15}"><title>${label}</title>${short(label)}</text> ${bars.map(
            ({ startMs, endMs, state, hint }) =>
              html`<rect
                class="${state}"
                x="${x(startMs)}"
                y="${top + (state === "earlier" ? 16 : 4)}"
                width="${Math.max(NARROWEST, round(x(endMs) - x(startMs)))}"
                height="${state === "earlier" ? 3 : 11}"
                rx="2"
                ><title>${hint}</title></rect
              > `,
          )}`;
      })}
    </svg>
  </div> `;
}

function ticks(lengthMs: number): readonly number[] {
  const step = STEPS_MS.find((each) => lengthMs / each <= MOST_TICKS) ?? Math.ceil(lengthMs / MOST_TICKS);
  return Array.from({ length: Math.floor(lengthMs / step) + 1 }, (_, index) => index * step);
}

/** `4:05`, `1:04:05`. */
export function clock(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
const short = (text: string): string => (text.length > LONGEST_LABEL ? `${text.slice(0, LONGEST_LABEL - 1)}…` : text);
