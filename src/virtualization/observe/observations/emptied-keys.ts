import { ApiStatusError, emptied, type Look, type ObjectKind, type ObjectName, textAt } from "../../../kube/index.ts";

/** Nothing of a resource keeps server-side apply from taking out of it what is not wanted any more. @param keys of the spec that is applied next */
export function emptiedKeysGone(kind: ObjectKind, name: ObjectName, keys: readonly string[]): Look<object> {
  return async (client, signal) => {
    const found = await client.read(kind, name, signal);
    const changes = found && emptied(found, keys);
    if (found === undefined || changes === undefined) return { done: true, value: {} };
    try {
      await client.patch(kind, name, { metadata: { resourceVersion: textAt(found, "metadata", "resourceVersion") }, ...changes }, signal);
    } catch (error) {
      if (!(error instanceof ApiStatusError) || error.status >= 500) throw error;
      if (error.status === 409) return { done: false, reason: `somebody else has changed ${kind.kind} ${name.name} meanwhile` };
      // What refuses this refuses what is applied next, which reports it.
    }
    return { done: true, value: {} };
  };
}
