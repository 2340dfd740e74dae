import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { describe, expect, it } from "vitest";
import { translate } from "../../../src/stack/engine-events.ts";

const URN = "urn:pulumi:demo::virt-ipi::virt-ipi:kvm:MachineComponent$virt-ipi:kvm:Machine::demo-x-master-0";
const at = (event: object) => translate({ sequence: 1, timestamp: 1, ...event } as EngineEvent, () => 1_500);
const diagnostic = (given: object) => at({ diagnosticEvent: { message: "m", color: "never", severity: "info", ...given } });
const metadata = (given: object) => ({ op: "create", urn: URN, type: "virt-ipi:kvm:Machine", new: { custom: true }, ...given });

describe("translate", () => {
  it("drops debug diagnostics: they carry secrets in clear", () => {
    expect(diagnostic({ severity: "debug", message: "RegisterResource finished: password=hunter2" })).toEqual({ events: [] });
  });

  it("makes a wait of a status message", () => {
    expect(diagnostic({ urn: URN, ephemeral: true, message: "<{%fg 1%}>waiting for api<{%reset%}>\n" }).events).toEqual([
      { type: "waiting", subject: "demo-x-master-0", reason: "waiting for api", elapsedMs: 1_500 },
    ]);
  });

  it("keeps errors for the end, and shows warnings at once", () => {
    expect(diagnostic({ severity: "error", urn: URN, message: "NAME_TAKEN: it is" }).failure).toEqual({ urn: URN, message: "NAME_TAKEN: it is" });
    expect(diagnostic({ severity: "warning" }).events).toEqual([{ type: "log", level: "warning", message: "m" }]);
    expect(diagnostic({ severity: "info#err" }).events).toEqual([{ type: "log", level: "info", message: "m" }]);
    expect(diagnostic({ message: " \n" }).events).toEqual([]);
  });

  it("tells the steps of real resources, and never their properties", () => {
    const event = at({ resourcePreEvent: { metadata: metadata({ new: { custom: true, inputs: { ignition: "SECRET" } } }) } });
    expect(event.events).toEqual([
      { type: "resource", operation: "create", urn: URN, name: "demo-x-master-0", kind: "virt-ipi:kvm:Machine", status: "started" },
    ]);
    expect(JSON.stringify(event)).not.toContain("SECRET");
  });

  it("is quiet about components, Pulumi's own, what stays the same, and previews; the step is told all the same", () => {
    for (const quiet of [
      { metadata: metadata({ new: { custom: false } }) },
      { metadata: metadata({ type: "pulumi:providers:virt-ipi" }) },
      { metadata: metadata({ op: "same" }) },
      { metadata: metadata({}), planning: true },
    ]) {
      const { events, step } = at({ resOutputsEvent: quiet });
      expect(events).toEqual([]);
      expect(step).toMatchObject({ urn: URN, status: "done" });
    }
    expect(at({ resOpFailedEvent: { metadata: metadata({ op: "same" }) } }).events).toHaveLength(1);
  });
});
