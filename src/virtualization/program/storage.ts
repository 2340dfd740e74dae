import type * as pulumi from "@pulumi/pulumi";
import { keysOf } from "../../kube/index.ts";
import { ComponentReady, EmptiedKeys, ReleasedKeys, StorageReady } from "../resources/sdk.ts";
import { revisionOf, type Day2 } from "./context.ts";
import { operand } from "./operand.ts";
import { hostPathProvisioner, storageClass } from "./objects.ts";

/**
 * The StorageClasses, before HyperConverged: boot images are imported as soon as that is there, and a claim that was created without
 * a class stays Pending even when one comes later.
 */
export function storageOfOlm(day2: Day2, operator: pulumi.Resource): readonly pulumi.Resource[] {
  const { storage } = day2.options.spec;
  const made: pulumi.Resource[] = [];
  if (storage.pools.length > 0) {
    const object = hostPathProvisioner(storage);
    made.push(
      hostPathReady(day2, operand(day2, "hostpath-provisioner", "hostPathProvisioners", object, operator), { revision: revisionOf(object["spec"]) }),
    );
  }
  const classes = storageClasses(day2, made);
  if (!day2.target.bootSources && classes.length === 0) return made;
  return [new StorageReady("storage-ready", day2.cluster, day2.after(...made, ...classes))];
}

interface Wanted {
  readonly revision: string;
  /** Of its operator, where manifests bring it. */
  readonly version?: string | undefined;
}

export const hostPathReady = (day2: Day2, made: pulumi.Resource, { revision, version }: Wanted): ComponentReady =>
  new ComponentReady(
    "hostpath-provisioner-ready",
    { ...day2.cluster, component: "hostPathProvisioners", name: "hostpath-provisioner", version, revision },
    day2.after(made),
  );

/** One class for each pool, or the mark on an existing one. */
export function storageClasses(day2: Day2, dependsOn: readonly pulumi.Resource[]): readonly pulumi.Resource[] {
  const { spec, distribution } = day2.options;
  const { pools, storageClass: existing } = spec.storage;
  const made: pulumi.Resource[] = pools.map((pool, index) =>
    // The node image brings no StorageClass, so on kubernetes there is no other default.
    day2.apply(
      `storage-class-${pool.name}`,
      storageClass(pool, { virt: index === 0, cluster: index === 0 && distribution === "kubernetes" }),
      ...dependsOn,
    ),
  );
  if (existing === undefined) return made;
  return [
    ...made,
    day2.patch(
      "default-storage-class",
      {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name: existing, annotations: { "storageclass.kubevirt.io/is-default-virt-class": "true" } },
      },
      ...dependsOn,
    ),
  ];
}

/**
 * What the user knows of StorageClasses and CDI does not. CDI makes the profiles, with an empty spec that it has itself; only these fields are ours, until
 * they are not wanted any more.
 */
export function storageProfiles(day2: Day2, ready: pulumi.Resource): readonly pulumi.Resource[] {
  return day2.options.spec.storage.profiles.map(({ name, spec }) => {
    const inputs = { ...day2.cluster, component: "storageProfiles" as const, name, keys: [...keysOf(spec)] };
    const resource = `storage-profile-${name}`;
    const keys = new EmptiedKeys(`${resource}-keys`, inputs, day2.after(ready));
    const profile = day2.patch(resource, { apiVersion: "cdi.kubevirt.io/v1beta1", kind: "StorageProfile", metadata: { name }, spec }, ready, keys);
    return new ReleasedKeys(`${resource}-release`, inputs, day2.after(profile));
  });
}
