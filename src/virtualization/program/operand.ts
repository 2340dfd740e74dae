import type * as pulumi from "@pulumi/pulumi";
import { keysOf } from "../../kube/index.ts";
import type { KubernetesObject, Manifest } from "../../pulumi/kubernetes/index.ts";
import type { EmptiedKeysInputs } from "../resources/inputs.ts";
import { EmptiedKeys } from "../resources/sdk.ts";
import type { Day2 } from "./context.ts";

/**
 * A resource for one of the operators, which writes to it too: its Go types leave empty objects where we have keys, and keep them there.
 * @param dependsOn what comes before it
 */
export function operand(
  day2: Day2,
  name: string,
  component: EmptiedKeysInputs["component"],
  manifest: Manifest,
  ...dependsOn: readonly (pulumi.Resource | undefined)[]
): KubernetesObject {
  const inputs = {
    ...day2.cluster,
    component,
    name: manifest.metadata.name,
    namespace: manifest.metadata["namespace"] as string | undefined,
    keys: [...keysOf(manifest["spec"])],
  };
  return day2.apply(name, manifest, ...dependsOn, new EmptiedKeys(`${name}-keys`, inputs, day2.after(...dependsOn)));
}
