import { describe, expect, it } from "vitest";
import { checkSources } from "../../../tools/source-rules.ts";

const lines = (count: number): string => "x\n".repeat(count);

describe("checkSources", () => {
  it("warns above 300 lines and fails above 500", () => {
    expect(checkSources([{ path: "src/a.ts", text: lines(300) }])).toEqual({ warnings: [], failures: [] });
    expect(checkSources([{ path: "src/a.ts", text: lines(301) }]).warnings).toHaveLength(1);
    expect(checkSources([{ path: "src/a.ts", text: lines(500) }]).failures).toHaveLength(0);
    expect(checkSources([{ path: "src/a.ts", text: lines(501) }]).failures).toEqual([expect.stringContaining("src/a.ts: 501 lines")]);
  });

  it("finds a platform's name under src/installer, with its line", () => {
    const { failures } = checkSources([{ path: "src/installer/phases/create.ts", text: "const a = 1;\nif (platform === 'kvm') return;\n" }]);
    expect(failures).toEqual([expect.stringContaining('src/installer/phases/create.ts:2: "kvm"')]);
  });

  it("lets other folders name platforms, and words that only contain one", () => {
    expect(checkSources([{ path: "src/providers/index.ts", text: "kvm" }]).failures).toEqual([]);
    expect(checkSources([{ path: "src/installer/a.ts", text: "kvmExtra" }]).failures).toEqual([]);
  });

  it("fails when there was nothing to read", () => {
    expect(checkSources([]).failures).toEqual(["no source file was read"]);
  });
});
