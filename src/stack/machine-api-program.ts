import type * as pulumi from "@pulumi/pulumi";
import { poolUserData } from "../assets/index.ts";
import { isAutoscaled, planMachineSets } from "../config/index.ts";
import { machineApi, NAMESPACE, readDefinitions } from "../machines/index.ts";
import type { MachineApiPart } from "../providers/index.ts";
import type { Environment } from "../util/index.ts";
import type { PreparedCluster } from "./prepare.ts";

export interface MachineApiProgramInput {
  readonly cluster: Pick<PreparedCluster, "spec" | "identity" | "platform" | "machines" | "assets">;
  readonly env: Environment;
  /** What the platform's program says of it. */
  readonly part: MachineApiPart | undefined;
  /** Text of the admin kubeconfig; unknown as long as there is no cluster. */
  readonly kubeconfig: pulumi.Input<string>;
  /** What must be there before: the control plane. */
  readonly dependsOn: readonly pulumi.Resource[];
  /** The cluster itself. */
  readonly deletedWith: pulumi.Resource;
}

/**
 * MachineSets, where the cluster creates its compute machines itself. Called inside the Pulumi runtime.
 * @returns what is ready when all of their machines are
 * @throws InstallerError MACHINE_API_MISSING
 */
export async function machineApiProgram(input: MachineApiProgramInput): Promise<readonly pulumi.Resource[]> {
  const { env, part, kubeconfig, dependsOn, deletedWith } = input;
  const { spec, identity, assets, platform, machines } = input.cluster;
  const sets = planMachineSets(spec, identity);
  if (sets.length === 0 || part === undefined) return [];
  const autoscaler = isAutoscaled(spec);
  const { ready } = await machineApi("machine-api", {
    identity,
    sets,
    providerSpec: part.providerSpec,
    objects: part.objects?.(NAMESPACE),
    needs: platform.machineApi,
    tokensInSecrets: platform.ownController !== undefined,
    kubeconfig,
    autoscaler,
    definitions: await readDefinitions(env, { autoscaler, more: platform.machineApi?.definitions }),
    planned: machines.map(({ name }) => name),
    userData: (pool) => poolUserData({ assets }, pool),
    timeoutMs: spec.timeouts.install,
    dependsOn,
    deletedWith,
  });
  return [ready];
}
