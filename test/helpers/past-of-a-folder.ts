import type { JournalEntry } from "../../src/installer/journal.ts";

/** Text that would do something on a page, and on a terminal. */
export const HOSTILE = `<img src="https://example.test/x.png" onerror="window.hacked=1"><script>window.hacked=1</script>"'&\u001b[2J\u202e`;

const START = Date.parse("2026-03-01T12:00:00Z");
const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();

/** What a folder has on record of an installation that was killed, resumed, scaled and destroyed; some of its texts are hostile. */
export function pastOfAFolder(): { readonly journal: readonly JournalEntry[]; readonly log: string; readonly startMs: number } {
  const journal: JournalEntry[] = [];
  const lines: string[] = [];
  const log = (seconds: number, event: object): void => void lines.push(JSON.stringify({ time: at(seconds), ...event }));
  const phase = (command: string, id: string, from: number, to?: number, more: Partial<JournalEntry> = {}): void => {
    journal.push({ time: at(from), command, phase: id, version: "0.1.0", event: "start" });
    log(from, { type: "phase-started", phase: id, title: `Title of ${id}` });
    if (to === undefined) return;
    journal.push({ time: at(to), command, phase: id, version: "0.1.0", event: "end", outcome: "done", durationMs: (to - from) * 1_000, ...more });
    log(to, { type: "phase-ended", phase: id, outcome: more.outcome ?? "done", durationMs: (to - from) * 1_000 });
  };
  const resource = (name: string, kind: string, operation: string, from: number, to?: number, status = "done"): void => {
    const event = { type: "resource", operation, urn: `urn:pulumi:s::p::${kind}::${name}`, name, kind };
    log(from, { ...event, status: "started" });
    if (to !== undefined) log(to, { ...event, status });
  };
  phase("create cluster", "preflight", 0, 5);
  phase("create cluster", "create-infrastructure", 5, 65);
  resource("demo-x7k2p", "virt-ipi:kvm:Network", "create", 6, 8);
  resource("demo-x7k2p-master-0", "virt-ipi:kvm:Machine", "create", 8, 30);
  resource(HOSTILE, "virt-ipi:kvm:Machine", "create", 8, 40, "failed");
  log(50, { type: "log", level: "warning", message: HOSTILE });
  phase("create cluster", "bootstrap-complete", 65);
  log(125, { type: "waiting", subject: "demo-x7k2p", reason: "waiting for nodes: none yet", elapsedMs: 60_000 });
  phase("resume", "preflight", 200, 204);
  phase("resume", "bootstrap-complete", 204, 404, { outcome: "failed", cause: `no node of ${HOSTILE}`, errorId: "BOOTSTRAP_TIMEOUT" });
  log(500, { type: "log", level: "info", message: "created machine openshift-machine-api/demo-x7k2p-worker-abcde in 12.5 s" });
  log(600, { type: "log", level: "info", message: "removed machine openshift-machine-api/demo-x7k2p-worker-abcde in 2.0 s" });
  phase("destroy cluster", "destroy-resources", 700, 710);
  resource("demo-x7k2p-master-0", "virt-ipi:kvm:Machine", "delete", 701, 703);
  return { journal, log: `not JSON\n${lines.join("\n")}\n{"time":"x"}\n{"time":`, startMs: START };
}
