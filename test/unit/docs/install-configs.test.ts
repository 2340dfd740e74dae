import { Ajv2020 } from "ajv/dist/2020.js";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { isInstallable, parseInstallConfig } from "../../../src/config/index.ts";
import { readDocs, ROOT } from "../../helpers/markdown.ts";

const blocks = (await readDocs()).flatMap((file) =>
  file.fences.filter((fence) => /^ya?ml install-config\b/.test(fence.info)).map((fence) => ({ at: `${file.path}:${fence.line}`, text: fence.text })),
);

describe("install-configs in the documentation", () => {
  it("are there", () => {
    expect(blocks.length).toBeGreaterThanOrEqual(2);
  });

  it.each(blocks)("$at is valid", ({ text }) => {
    const { errors, warnings, spec } = parseInstallConfig(text);
    // That only the assets of a distribution can be created is what its guide is about.
    const others = warnings.filter(({ path }) => path !== "distribution" || isInstallable(spec?.distribution ?? "kubernetes"));
    expect({ errors, warnings: others }).toEqual({ errors: [], warnings: [] });
    expect(spec?.platform.name).toBeDefined();
  });
});

describe("install-config.schema.json", async () => {
  const validate = new Ajv2020({ strict: false }).compile(
    JSON.parse(await readFile(join(ROOT, "docs/reference/install-config.schema.json"), "utf8")) as object,
  );

  it.each(blocks)("accepts $at", ({ text }) => {
    validate(parse(text));
    expect(validate.errors).toBeNull();
  });

  it("refuses an unknown key and a wrong type", () => {
    const [first] = blocks;
    const config = parse(first?.text ?? "") as Record<string, unknown>;
    expect(validate({ ...config, unheardOf: 1 })).toBe(false);
    expect(validate({ ...config, baseDomain: 1 })).toBe(false);
  });
});
