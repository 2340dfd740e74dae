import { describe, expect, it } from "vitest";
import { certificateAges, makeKeys, renderTls, tlsPart, type TlsTable } from "../../../../src/assets/tls/index.ts";
import { countingEntropy, IDENTITY, makeSpec } from "../spec.ts";

const TABLE: TlsTable = [
  { kind: "signer", name: "long", subject: { commonName: "long" }, validity: { years: 10 } },
  { kind: "signer", name: "short", subject: { commonName: "short" }, validity: { days: 1 } },
  { kind: "bundle", name: "both", members: ["long", "short"] },
];

describe("certificateAges", async () => {
  const tls = await renderTls(TABLE, await makeKeys(TABLE, countingEntropy()), { identity: IDENTITY, spec: makeSpec(1, 0) });
  const both = [["both", tlsPart(tls, "both", "cert")]] as const;

  it("finds every certificate of a bundle, the one that ends first in front", () => {
    const ages = certificateAges(both, new Date("2026-03-01T13:00:00Z"));
    expect(ages.map((age) => [age.subject, age.state, age.remainingMs])).toEqual([
      ["CN=short", "valid", 23 * 3_600_000],
      ["CN=long", "valid", (3650 * 24 - 1) * 3_600_000],
    ]);
  });

  it("tells what has ended and what has not begun", () => {
    expect(certificateAges(both, new Date("2026-03-03T12:00:00Z")).map((age) => age.state)).toEqual(["expired", "valid"]);
    expect(certificateAges(both, new Date("2026-03-01T10:59:59Z")).map((age) => age.state)).toEqual(["not-yet-valid", "not-yet-valid"]);
  });

  it("names the text that holds a broken certificate", () => {
    const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    expect(() => certificateAges([["here", broken]], new Date())).toThrow(expect.objectContaining({ id: "KEYS_INVALID", value: "here" }) as Error);
  });
});
