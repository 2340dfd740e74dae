import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { parseInstallConfig, type Distribution } from "../../../src/config/index.ts";
import { isInstallerError } from "../../../src/errors/index.ts";
import { Preparer } from "../../helpers/prepared.ts";
import {
  baremetal,
  external,
  isToldUnrendered,
  kvm,
  kvmBridge,
  none,
  PULL_SECRET,
  vsphere,
  vsphereStatic,
  yamlOf,
} from "../config/verdicts/support.ts";

// A cluster of OpenShift has two dozen RSA keys, which take seconds where others compute as well.
vi.setConfig({ testTimeout: 60_000 });

/** `validate` says of each distribution on each platform what `create manifests` will do with a file that is valid. */
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

it.each(FILES)("$distribution on $name: refused where validate says so, else prepared", async ({ text }) => {
  const refusal = await preparer
    .prepare(text, () => undefined)
    .catch((error: unknown) => (isInstallerError(error) ? error.id : expect.fail(String(error))));
  expect(refusal).toBe(isToldUnrendered(text) ? "DISTRIBUTION_UNSUPPORTED" : undefined);
});

it("both kinds are among the files", () => {
  const told = FILES.map(({ text }) => isToldUnrendered(text));
  expect(told.filter(Boolean).length).toBeGreaterThan(5);
  expect(told.filter((one) => !one).length).toBeGreaterThan(2);
});

it.each(FILES.filter(({ text }) => isToldUnrendered(text)))(
  "$distribution on $name: kubernetes is advised only where it can be installed",
  ({ text }) => {
    const advised = parseInstallConfig(text).warnings.some(({ message }) => message.includes("with distribution: kubernetes it can"));
    const { errors } = parseInstallConfig(`${text.replace(/^distribution: .*\n/m, "")}distribution: kubernetes\n`);
    expect(advised).toBe(!errors.some(({ path }) => path === "distribution"));
  },
);
