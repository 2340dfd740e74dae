import { afterAll, beforeAll, expect, it } from "vitest";
import { parseInstallConfig, type Distribution } from "../../../src/config/index.ts";
import { isInstallerError } from "../../../src/errors/index.ts";
import { Preparer } from "../../helpers/prepared.ts";
import { baremetal, external, kvm, kvmBridge, none, PULL_SECRET, vsphere, vsphereStatic, yamlOf } from "../config/verdicts/support.ts";

/** `create manifests` takes each distribution on each platform where the file is valid. */
let preparer: Preparer;
beforeAll(async () => {
  preparer = await Preparer.make();
});
afterAll(async () => {
  await preparer.remove();
});

const DISTRIBUTIONS: readonly Distribution[] = ["kubernetes", "openshift", "okd"];
const FILES = Object.entries({ kvm, kvmBridge, vsphere, vsphereStatic, baremetal, none, external })
  .flatMap(([name, base]) =>
    [...DISTRIBUTIONS, undefined].map((distribution) => ({ name, distribution, text: yamlOf(base, { distribution, pullSecret: PULL_SECRET }) })),
  )
  .filter(({ text }) => parseInstallConfig(text).spec !== undefined);

it.each(FILES)("$distribution on $name: prepared", async ({ text }) => {
  const refusal = await preparer
    .prepare(text, () => undefined)
    .catch((error: unknown) => (isInstallerError(error) ? error.id : expect.fail(String(error))));
  expect(refusal).toBeUndefined();
});

const isUninstallable = (text: string): boolean =>
  parseInstallConfig(text).warnings.some(({ path, message }) => path === "distribution" && message.includes("`create cluster` refuses it"));

it("those that cannot be installed are told of", () => {
  for (const { text } of FILES) expect(isUninstallable(text)).toBe(parseInstallConfig(text).config?.distribution !== "kubernetes");
  expect(FILES.filter(({ text }) => isUninstallable(text)).length).toBeGreaterThan(5);
});

it.each(FILES.filter(({ text }) => isUninstallable(text)))(
  "$distribution on $name: kubernetes is advised only where it can be installed",
  ({ text }) => {
    const advised = parseInstallConfig(text).warnings.some(({ message }) => message.includes("with distribution: kubernetes it can"));
    const { errors } = parseInstallConfig(`${text.replace(/^distribution: .*\n/m, "")}distribution: kubernetes\n`);
    expect(advised).toBe(!errors.some(({ path }) => path === "distribution"));
  },
);
