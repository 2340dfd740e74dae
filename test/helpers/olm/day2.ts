import { loadClusterSpec, type VirtualizationSpec } from "../../../src/config/index.ts";
import { virtualization } from "../../../src/virtualization/index.ts";
import { InstallerError } from "../../../src/errors/index.ts";
import type { InstallerEvent } from "../../../src/events/index.ts";
import type { StackDriver, UpdateResult } from "../../../src/stack/index.ts";
import { PLUGIN_FOLDER } from "../../../src/stack/project-settings.ts";
import { none, yamlOf } from "../../unit/config/verdicts/support.ts";
import { stackBench } from "../stack-bench.ts";
import type { OlmRig } from "./rig.ts";

export interface Day2Stack {
  /** Every event since the stack was opened. */
  readonly events: readonly InstallerEvent[];
  /** `pulumi up` of the day-2 program. @param section `virtualization` of an install-config of OKD */
  up(section: object, limitMs?: number): Promise<UpdateResult>;
  /** The error of an `up` that must fail. */
  failure(section: object, limitMs?: number): Promise<InstallerError>;
  /** `pulumi destroy`. */
  destroy(): Promise<void>;
  dispose(): Promise<void>;
}

/** What an install-config of OKD with this section asks for. */
export function okdVirtualization(section: object): VirtualizationSpec {
  const { virtualization: spec } = loadClusterSpec(yamlOf(none, { distribution: "okd", virtualization: section }));
  if (spec === undefined) throw new Error("the install-config asks for no virtualization");
  return spec;
}

/** The real day-2 program, run by the real Pulumi with our own plugins, on the rig. */
export async function openDay2Stack(rig: OlmRig): Promise<Day2Stack> {
  const bench = await stackBench();
  const open = (): Promise<StackDriver> => bench.open({ pluginFolder: PLUGIN_FOLDER });
  const up = async (section: object, limitMs = 600_000): Promise<UpdateResult> => {
    const spec = okdVirtualization(section);
    const driver = await open();
    // A wait that failed before is left behind as pending by a killed run only; this settles it as the installer does.
    await driver.recover();
    return await driver.up(async () => {
      await virtualization("virtualization", {
        spec,
        distribution: "okd",
        infraID: "rig-abcde",
        kubeconfig: rig.cluster.kubeconfig,
        timeoutMs: limitMs,
        manifests: new Map(),
        dependsOn: [],
      });
    });
  };
  return {
    events: bench.events,
    up,
    failure: async (section, limitMs) => {
      try {
        await up(section, limitMs);
      } catch (error) {
        if (error instanceof InstallerError) return error;
        throw error;
      }
      throw new Error("the update did not fail");
    },
    destroy: async () => void (await (await open()).destroy()),
    dispose: () => bench.remove(),
  };
}
