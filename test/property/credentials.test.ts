import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { formatIssue, parseInstallConfig, redactInstallConfig } from "../../src/config/index.ts";
import { unwrap, walkSchema } from "../../src/config/fields/walk.ts";
import { installConfigSchema } from "../../src/config/schema/install-config.ts";
import { Redactor } from "../../src/events/index.ts";
import { Preparer } from "../helpers/prepared.ts";
import { share, shareOf } from "../helpers/share.ts";
import { baremetal, external, kvm, none, type Tree, vsphereStatic, yamlOf } from "../unit/config/verdicts/support.ts";
import { withoutProxyLines } from "../helpers/proxy-lines.ts";

/**
 * A password in every field of the schema, written in every way that people and mistakes write one, must be seen nowhere: neither in what
 * `validate` says, nor in an asset, nor in what else is written, nor after the redactor. The fields come from the schema itself.
 */
const CANARY = "S3cretCanary";
const HOLDER = "placeholder-of-the-canary";

/** YAML that stands behind the key. What is no URL is a secret only in a field that is secret. */
const FORMS: Readonly<Record<string, string>> = {
  "a well-formed URL": `"http://user:${CANARY}@host.example.com:3128"`,
  "a URL with a token": `"https://host.example.com/a?token=${CANARY}"`,
  "no scheme": `"corp\\\\user:${CANARY}@host.example.com:3128"`,
  "a blank": `"http://user:${CANARY} Pw@host.example.com:3128"`,
  "a blank and no scheme": `"user:my ${CANARY}@host.example.com:3128"`,
  "one slash": `"http:/user:${CANARY}@host.example.com:3128"`,
  "no slash": `"qemu+ssh:user:${CANARY}@host.example.com/system"`,
  "a bare percent sign": `"http://user:${CANARY}%@host.example.com:3128"`,
  escapes: `"http://user:${CANARY}%40%25@host.example.com:3128"`,
  "a newline": `"http://user:my\\n${CANARY}@host.example.com:3128"`,
  "a libvirt URI": `"qemu+tcp://user:${CANARY}@host.example.com/system"`,
  "no host": `"http://user:${CANARY}"`,
  "a YAML tag": `!${CANARY} x`,
  "a URL as YAML tag": `!http://user:${CANARY}@host.example.com x`,
  "a block scalar header": `|${CANARY}`,
  "a folded header": `>${CANARY} ${CANARY}`,
  "an escape in double quotes": `"\\${CANARY}"`,
  "plain text with a colon": `user: ${CANARY}@host.example.com`,
  "plain text": `http://user:${CANARY}@host.example.com:3128/`,
  "a key": `{"http://user:${CANARY}@host.example.com": x}`,
  "an item": `["http://user:${CANARY}@host.example.com"]`,
};

interface Field {
  readonly path: string;
  readonly text: boolean;
}

/** Every key, the first item of each list, and a key of each open mapping. */
const FIELDS: Field[] = [];
walkSchema(installConfigSchema, (path, schema) => {
  const at = path.replaceAll("[]", "[0]");
  const inner = unwrap(schema);
  const isText = (each: z.core.$ZodType): boolean => each instanceof z.ZodString || each instanceof z.ZodEnum || each instanceof z.ZodUnknown;
  FIELDS.push({ path: at, text: isText(inner) });
  if (inner instanceof z.ZodArray) FIELDS.push({ path: `${at}[0]`, text: isText(unwrap(inner.element)) });
  if (inner instanceof z.ZodRecord) FIELDS.push({ path: `${at}.key`, text: isText(unwrap(inner.valueType)) });
});

/** The valid file that a field is put into: one with its platform, which can be rendered where there is one. */
function baseOf(path: string): () => Tree {
  const bases: Readonly<Record<string, () => Tree>> = { kvm, vsphere: vsphereStatic, baremetal, external, none };
  const platform = /(?:^|\.)platform\.([a-z]+)/.exec(path)?.[1] ?? "kvm";
  return bases[platform] ?? none;
}

/** Assets whose purpose is to carry what stands in a field. */
const CARRIERS: Readonly<Record<string, readonly string[]>> = {
  // As openshift-install does; mode 0600.
  "platform.vsphere.vcenters[0].user": ["metadata.json"],
  "platform.vsphere.vcenters[0].password": ["metadata.json"],
  "platform.vsphere.username": ["metadata.json"],
  "platform.vsphere.password": ["metadata.json"],
};

/** The base with a form behind the key of each path. */
function source(base: () => Tree, paths: readonly string[], form: string): string {
  return yamlOf(base, Object.fromEntries(paths.map((path) => [path, HOLDER]))).replaceAll(HOLDER, () => form);
}

/** As `source`, or undefined where one of the paths leads through what is no mapping. */
function sourceOf(base: () => Tree, path: string, form: string): string | undefined {
  try {
    return source(base, [path], form);
  } catch {
    return undefined;
  }
}

let preparer: Preparer;
beforeAll(async () => {
  preparer = await Preparer.make();
});
afterAll(async () => {
  await preparer.remove();
});

describe("a password is seen nowhere", { timeout: 900_000 }, () => {
  /** What is valid with a form, for the assets. */
  const valid = new Map<string, Set<string>>();

  it("knows enough fields", () => {
    expect(FIELDS.length).toBeGreaterThan(400);
    expect(FIELDS.filter(({ text }) => text).length).toBeGreaterThan(200);
  });

  it("in what validate says, in text and as JSON, wherever it stands and however it is written", () => {
    const seen: string[] = [];
    let files = 0;
    for (const [index, { path }] of FIELDS.entries())
      for (const [name, form] of shareOf(Object.entries(FORMS), index)) {
        const text = sourceOf(baseOf(path), path, form);
        if (text === undefined) continue;
        files++;
        const { errors, warnings, spec } = parseInstallConfig(text);
        const issues = [...errors, ...warnings];
        if (JSON.stringify(issues).includes(CANARY) || issues.some((issue) => formatIssue(issue).includes(CANARY)))
          seen.push(`${path}: ${name}: ${JSON.stringify(issues)}`);
        if (spec === undefined) continue;
        valid.set(name, (valid.get(name) ?? new Set()).add(path));
        if (redactInstallConfig(text).includes(CANARY)) seen.push(`${path}: ${name}: cluster-config`);
      }
    expect(seen).toEqual([]);
    expect(files).toBeGreaterThan(share(7000));
  });

  it.each([
    ["kvm", kvm],
    ["vsphere", vsphereStatic],
  ] as const)("in assets on %s, in what else is written into the folder, and in logs", async (platform, base) => {
    const seen: string[] = [];
    let fields = 0;
    for (const [name, paths] of valid) {
      // As many fields as can be given together.
      const together: string[] = [];
      for (const path of paths) {
        const other = /(?:^|\.)platform\.([a-z]+)/.exec(path)?.[1];
        if (other !== undefined && other !== platform) continue;
        try {
          if (parseInstallConfig(source(base, [...together, path], FORMS[name] ?? "")).spec !== undefined) together.push(path);
        } catch {
          // One lies inside the other.
        }
      }
      fields += together.length;
      const carriers = together.flatMap((path) => CARRIERS[path] ?? []);
      await preparer.prepare(source(base, together, FORMS[name] ?? ""), ({ spec, notes }, secrets, files) => {
        for (const [file, content] of files)
          if (withoutCarriers(file, content).includes(CANARY) && !carriers.includes(file)) seen.push(`${name}: ${file} with ${together.join()}`);
        if (notes.join().includes(CANARY)) seen.push(`${name}: notes`);
        const redactor = new Redactor();
        redactor.add(...secrets);
        for (const told of textsIn(spec))
          if (redactor.redact(`cannot use ${told} here`).includes(CANARY) || JSON.stringify(redactor.redactValue({ told })).includes(CANARY))
            seen.push(`${name}: after the redactor: ${told}`);
      });
    }
    expect(seen).toEqual([]);
    expect(fields).toBeGreaterThan(share(30));
  });
});

const withoutCarriers = (file: string, content: string): string => (file.endsWith(".ign") ? withoutProxyLines(content) : content);

function* textsIn(value: unknown): Iterable<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null) for (const child of Object.values(value)) yield* textsIn(child);
}
