import { keyEffects, type KeyEffectRow } from "../../src/config/index.ts";
import { code, page, table } from "./page.ts";

/** docs/reference/key-effects.md: what the validator's own table says of every key of the schema. */
export function keyEffectsPage(): string {
  const { distributions, rendered, rows } = keyEffects();
  const others = distributions.filter((name) => !rendered.includes(name));
  const groups = Map.groupBy(rows, ({ path }) => path.split(/[.[]/)[0] ?? "");
  const single = [...groups.values()].filter((group) => group.length === 1).flat();
  return page(
    "# What each key does",
    "Every key of [install-config.yaml](install-config.md), by distribution. No key does nothing without a word: one that has no effect is refused, with the reason, or ignored with a warning where OpenShift's own file has it. `virt-ipi validate` reads the same table.",
    [
      "- **effective**, and where it is seen: in what **machines** are given, in the machines and disks themselves (**infrastructure**), in the API of the **cluster**, or in what the **installer** does.",
      "- **only** a value: every other one is refused. **refused**: an error; for `openshift` and `okd` a warning where OpenShift's installer accepts it all the same. **ignored**: a warning.",
      ...(others.length === 0
        ? []
        : [
            `- Files for ${others.map(code).join(" and ")} are checked in full, but nothing is created of them yet: **checked** is what will be effective.`,
          ]),
      "- Of files for `openshift` and `okd` manifests and Ignition configs are created; this version does not install such clusters, and says so in a warning.",
      "- A key below `platform.<name>` is for clusters on that platform, and a file names one platform.",
    ].join("\n"),
    section("The file", single, distributions),
    ...[...groups].filter(([, group]) => group.length > 1).map(([name, group]) => section(name, group, distributions)),
  );
}

const section = (title: string, rows: readonly KeyEffectRow[], distributions: readonly string[]): string =>
  [
    `## ${title}`,
    table(
      ["key", ...distributions],
      rows.map(({ path, effects }) => [code(path), ...effects]),
    ),
  ].join("\n\n");
