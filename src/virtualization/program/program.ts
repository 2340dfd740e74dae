import * as pulumi from "@pulumi/pulumi";
import { CustomResourcePatch, withFieldManager } from "../../pulumi/kubernetes/index.ts";
import { Acceleration, WorkloadGuard } from "../resources/sdk.ts";
import { day2Of, revisionOf, type VirtualizationOptions } from "./context.ts";
import { operandsByManifests } from "./manifests.ts";
import { operandsByOlm } from "./olm.ts";
import { pipelines } from "./pipelines.ts";
import { storageProfiles } from "./storage.ts";
import { users } from "./users.ts";

/** Virtualization in a cluster that is complete. Called inside the Pulumi runtime. */
export class Virtualization extends pulumi.ComponentResource {
  /** The last thing that is waited for. */
  readonly ready: pulumi.Resource;

  constructor(name: string, options: VirtualizationOptions) {
    super("virt-ipi:virtualization:Virtualization", name);
    const day2 = day2Of(options, this, (patchName, { apiVersion, kind, metadata, ...fields }, resourceOptions) => {
      const owned = withFieldManager({ ...metadata, name: metadata.name }, patchName, `kubernetes:${apiVersion}:${kind}Patch`, resourceOptions);
      return new CustomResourcePatch(patchName, { apiVersion, kind, metadata: owned, ...fields }, resourceOptions);
    });
    const { spec } = options;
    const { operators } = spec;
    const { ready, owner } = operators.source === "OLM" ? operandsByOlm(day2, operators) : operandsByManifests(day2, operators);
    const acceleration = new Acceleration("acceleration", { ...day2.cluster, owner, revision: revisionOf(spec.emulation) }, day2.after(ready));
    const profiles = storageProfiles(day2, ready);
    this.ready = new WorkloadGuard("workloads", { ...day2.cluster, strategy: spec.uninstallStrategy }, day2.after(acceleration, ...profiles));
    if (spec.users !== undefined) users(day2, spec.users);
    if (spec.pipelines !== undefined) pipelines(day2, spec.pipelines, ready);
    this.registerOutputs({});
  }
}
