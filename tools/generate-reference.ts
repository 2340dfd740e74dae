import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { withMoreOptions } from "../src/cli/command.ts";
import { COMMANDS } from "../src/cli/commands.ts";
import { buildProgram } from "../src/cli/program.ts";
import { cliPage } from "./reference/cli.ts";
import { CREATE_CLUSTER } from "../src/installer/phases.ts";
import { CHECKS as KVM_CHECKS } from "../src/providers/kvm/preflight/checks.ts";
import { CHECKS as VSPHERE_CHECKS } from "../src/providers/vsphere/preflight/checks.ts";
import { diagnosedCases, diagnosesPage } from "./reference/diagnoses.ts";
import { errorsPage } from "./reference/errors.ts";
import { eventsPage } from "./reference/events.ts";
import { glossaryPage } from "./reference/glossary.ts";
import { hyperConvergedPage } from "./reference/hyper-converged.ts";
import { installConfigPage, installConfigSchemaText } from "./reference/install-config.ts";
import { kvmMachineProviderSpecPage } from "./reference/kvm-machine-provider-spec.ts";
import { keyEffectsPage } from "./reference/key-effects.ts";
import { openshiftAssetsPage } from "./reference/openshift-assets.ts";
import { phasesPage } from "./reference/phases.ts";
import { modulesOf, playedPartsPage } from "./reference/played-parts.ts";
import { preflightPage } from "./reference/preflight.ts";
import type { Pages } from "./reference/page.ts";

/** `npm run generate [-- --check]`: the pages of docs/reference from their sources; --check only lists which differ. */

const ROOT = resolve(import.meta.dirname, "..");
const FOLDER = "docs/reference";

async function generate(): Promise<Pages> {
  const events = await readFile(join(ROOT, "src/events/event.ts"), "utf8");
  return new Map([
    [
      `${FOLDER}/cli.md`,
      cliPage(
        buildProgram(await withMoreOptions(COMMANDS), "", () => Promise.resolve()),
        new Map(COMMANDS.map(({ path, example }) => [path, example])),
      ),
    ],
    [`${FOLDER}/diagnoses.md`, diagnosesPage(await diagnosedCases(ROOT))],
    [`${FOLDER}/errors.md`, errorsPage()],
    [`${FOLDER}/events.md`, eventsPage(events)],
    [`${FOLDER}/glossary.md`, glossaryPage()],
    [`${FOLDER}/preflight.md`, preflightPage({ kvm: KVM_CHECKS, vsphere: VSPHERE_CHECKS })],
    [`${FOLDER}/phases.md`, phasesPage(CREATE_CLUSTER)],
    [`${FOLDER}/install-config.md`, installConfigPage()],
    [`${FOLDER}/key-effects.md`, keyEffectsPage()],
    [`${FOLDER}/openshift-assets.md`, await openshiftAssetsPage(join(ROOT, "test/golden/openshift/expected"))],
    [`${FOLDER}/kvm-machine-provider-spec.md`, kvmMachineProviderSpecPage()],
    [`${FOLDER}/hyper-converged.md`, hyperConvergedPage()],
    [`${FOLDER}/played-parts.md`, playedPartsPage(await modulesOf(ROOT))],
    [`${FOLDER}/install-config.schema.json`, installConfigSchemaText()],
  ]);
}

async function differing(pages: Pages): Promise<readonly string[]> {
  const different: string[] = [];
  for (const [path, text] of pages) if ((await readFile(join(ROOT, path), "utf8").catch(() => undefined)) !== text) different.push(path);
  const strangers = (await readdir(join(ROOT, FOLDER))).map((name) => `${FOLDER}/${name}`).filter((path) => !pages.has(path));
  return [...different, ...strangers.map((path) => `${path} (nothing generates it)`)];
}

const pages = await generate();
if (process.argv.includes("--check")) {
  const different = await differing(pages);
  for (const path of different) console.error(`differs from its source: ${path}`);
  console.log(`${pages.size} pages compared, ${different.length} differ`);
  process.exitCode = different.length === 0 ? 0 : 1;
} else {
  for (const [path, text] of pages) {
    await mkdir(dirname(join(ROOT, path)), { recursive: true });
    await writeFile(join(ROOT, path), text);
  }
  console.log(`${pages.size} pages written`);
}
