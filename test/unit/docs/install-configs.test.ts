import { describe, expect, it } from "vitest";
import { parseInstallConfig } from "../../../src/config/index.ts";
import { readDocs } from "../../helpers/markdown.ts";

const blocks = (await readDocs()).flatMap((file) =>
  file.fences.filter((fence) => /^ya?ml install-config\b/.test(fence.info)).map((fence) => ({ at: `${file.path}:${fence.line}`, text: fence.text })),
);

describe("install-configs in the documentation", () => {
  it("are there", () => {
    expect(blocks.length).toBeGreaterThanOrEqual(2);
  });

  it.each(blocks)("$at is valid", ({ text }) => {
    const { errors, warnings, spec } = parseInstallConfig(text);
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    expect(spec?.platform.name).toBeDefined();
  });
});
