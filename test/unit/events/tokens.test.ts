import { expect, it } from "vitest";
import { machineTokens } from "../../../src/assets/machine-token.ts";
import { makeKeys } from "../../../src/assets/tls/index.ts";
import { Redactor } from "../../../src/events/index.ts";
import { systemEntropy } from "../../../src/util/index.ts";
import { IDENTITY } from "../assets/spec.ts";

it("takes machines' tokens out of any text, also those that nobody named", async () => {
  const keys = await makeKeys([{ kind: "key-pair", name: "machine-token", format: "ed25519" }], systemEntropy);
  const tokens = machineTokens(keys, "machine-token", IDENTITY);
  for (const token of [tokens({ pool: "master" }), tokens({ pool: "worker", machine: "demo-x7k2p-worker-0", expires: new Date(0) })]) {
    const clean = new Redactor().redact(`GET /config/master "Authorization: Bearer ${token}", then ${token}.`);
    expect(clean).toBe('GET /config/master "Authorization: Bearer [redacted]", then [redacted].');
  }
});
